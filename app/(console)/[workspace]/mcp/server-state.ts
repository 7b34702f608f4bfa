import type { Tone } from "#/app/_ui/tone.ts";
import type { McpServer, McpTool } from "#/operations/mcp-servers/contract.ts";

/** How a server stands, as a badge says it. */
export const STATES: Readonly<Record<McpServer["state"], { readonly label: string; readonly tone: Tone }>> = {
  new: { label: "Not asked yet", tone: "idle" },
  ready: { label: "Ready", tone: "idle" },
  signed_out: { label: "Needs sign-in", tone: "warn" },
  failed: { label: "Not reachable", tone: "bad" },
};

/** What a tool does, by the admin's word. */
export const EFFECTS: Readonly<Record<McpTool["effect"], string>> = {
  read: "Reads",
  write: "Changes something",
  idempotent: "Changes something, safe to repeat",
};

/** Says where a server is and what it calls itself. */
export const describeServer = ({ url, serverName, revision }: McpServer): string =>
  [url, serverName && `calls itself ${serverName}`, revision && `MCP ${revision}`]
    .filter(Boolean)
    .join(" · ");

const isChanged = ({ changes, digest, isChosen }: McpTool) =>
  isChosen && (changes.length > 0 || digest === null);
const urgencyOf = (tool: McpTool) => (isChanged(tool) ? 2 : tool.isChosen ? 1 : 0);

/** Sorts tools: those that need a decision first, then those that agents may call. */
export const sortTools = (tools: readonly McpTool[]): readonly McpTool[] =>
  tools.toSorted((a, b) => urgencyOf(b) - urgencyOf(a));
