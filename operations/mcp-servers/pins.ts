import { pinTool } from "#/agents/tools/pin.ts";
import { describeTool } from "#/agents/tools/mcp/source.ts";
import { toToolName } from "#/agents/tools/mcp/alias.ts";
import type { SealedServer } from "#/db/mcp-servers.ts";
import type { DecidedTool, McpTool } from "#/db/mcp-tools.ts";
import { urlOf } from "#/operations/mcp-servers/reach.ts";

const MOST_PINS = 100;

/** Returns the pins that a tool stands for after a decision: an admin who changes it accepts it in place of what published versions have pinned. */
export function pinsAfter(
  server: SealedServer,
  before: McpTool,
  after: Pick<DecidedTool, "trusted" | "effect">,
): readonly string[] {
  const pinBefore = computePin(server, before, before);
  if (pinBefore === undefined || pinBefore === computePin(server, before, after)) return before.acceptedPins;
  return [...new Set([...before.acceptedPins, pinBefore])].slice(-MOST_PINS);
}

function computePin(
  server: SealedServer,
  { alias }: McpTool,
  { trusted, effect }: Pick<DecidedTool, "trusted" | "effect">,
): string | undefined {
  if (!trusted) return undefined;
  const name = toToolName(server.name, alias);
  return pinTool(describeTool({ name, url: urlOf(server), trusted, effect })).digest;
}
