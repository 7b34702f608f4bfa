import type { ChosenTool, McpToolPorts } from "#/agents/tools/mcp/ports.ts";
import { callOnServer } from "#/agents/tools/mcp/call.ts";
import type { ServerCall } from "#/agents/tools/mcp/exchange.ts";
import { splitToolName } from "#/agents/tools/mcp/alias.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import type { Capability } from "#/agents/vocabulary/capability.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import { findMisfits } from "#/agents/definition/schema/fit.ts";
import { isJsonObject } from "#/lib/json-object.ts";

/** The tools of the MCP servers of a workspace. */
export function mcpTools(ports: McpToolPorts): ToolSource {
  return {
    find: async (names) => {
      const wanted = names.filter((name) => splitToolName(name) !== undefined);
      if (wanted.length === 0) return [];
      return (await ports.find(wanted)).map((chosen) => toTool(chosen, ports));
    },
    names: ports.names,
  };
}

/** Within it a server has its own time to answer, so that its silence is its own outcome. */
const LIMITS = { timeoutMs: 250_000, bytes: 60_000 };

/** Describes a chosen tool as a version pins it. */
export function describeTool({
  name,
  url,
  trusted,
  effect,
}: Pick<ChosenTool, "name" | "url" | "trusted" | "effect">) {
  const { description, inputSchema: input, digest } = trusted;
  return { name, description, effect, input, behind: { url, digest } };
}

/** What a server tells is content from outside; behind credentials there is what is not everybody's to read. */
function listCapabilities({ effect, isSignedIn }: ChosenTool): readonly Capability[] {
  if (effect !== "read") return ["outward", "untrusted"];
  return isSignedIn ? ["untrusted", "private"] : ["untrusted"];
}

function toTool(chosen: ChosenTool, ports: ServerCall["ports"]): Tool {
  const { trusted, effect, acceptedPins } = chosen;
  return {
    ...describeTool(chosen),
    origin: "mcp",
    capabilities: () => listCapabilities(chosen),
    limits: LIMITS,
    acceptedPins,
    sendsToHosts: false,
    inParts: true,
    readInput: (given) => readInput(trusted.inputSchema, given),
    decideEffect: () => effect,
    run: (input, context) => callOnServer({ ports, chosen, context }, input),
  };
}

function readInput(schema: Tool["input"], given: unknown): ReturnType<Tool["readInput"]> {
  const input = given ?? {};
  if (!isJsonObject(input)) return { ok: false, misfits: ["The arguments must be an object."] };
  const problems = findMisfits(schema, input);
  if (problems.length === 0) return { ok: true, input };
  return { ok: false, misfits: problems.map(({ path, message }) => `${path || "/"} ${message}`) };
}
