import * as v from "valibot";
import { createMcpClient } from "#/agents/mcp/client.ts";
import type { McpPorts } from "#/agents/mcp/sending.ts";
import { explainOutcome, probe } from "#/agents/mcp/probe.ts";
import { type DesignVariable, PullProblem, type VariableSource } from "./variable.ts";

interface McpSource {
  readonly url: string;
  readonly token?: string | undefined;
  /** Only the remote server wants to be told which file. */
  readonly fileKey?: string | undefined;
  readonly nodeId: string;
}

const Answer = v.looseObject({
  isError: v.optional(v.boolean(), false),
  content: v.array(v.looseObject({ type: v.string(), text: v.optional(v.string(), "") })),
});
const Variables = v.record(v.string(), v.union([v.string(), v.number()]));

/** Reads the variables that a node uses from a Figma MCP server, in the mode that the node is drawn in. */
export function mcpSource(ports: McpPorts, { url, token, fileKey, nodeId }: McpSource): VariableSource {
  return async () => {
    const address = { url, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } };
    const found = await probe(ports, address);
    if (found.kind === "failed") throw new PullProblem(`${url}: ${found.reason}`);
    const outcome = await createMcpClient(ports).send(
      { ...address, dialect: found.facts.dialect },
      {
        method: "tools/call",
        params: {
          name: "get_variable_defs",
          arguments: { nodeId, ...(fileKey !== undefined && { fileKey }) },
        },
      },
    );
    if (outcome.kind === "result") return readVariables(url, outcome.result);
    throw new PullProblem(`${url} gave no variables. ${explainOutcome(outcome)}`);
  };
}

/** One text: flat JSON from a variable's name to its value. */
function readVariables(url: string, result: unknown): readonly DesignVariable[] {
  const { output: answer, success } = v.safeParse(Answer, result);
  if (!success) throw new PullProblem(`${url} answered something else than a tool does.`);
  const text = answer.content.map((block) => block.text).join("");
  if (answer.isError) throw new PullProblem(`${url} says: ${text.slice(0, 500)}`);
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Variables), text);
  if (!read.success)
    throw new PullProblem(`${url} answered something else than variables: ${text.slice(0, 200)}`);
  return Object.entries(read.output).map(([name, value]) => ({
    name,
    value: String(value),
    mode: undefined,
  }));
}
