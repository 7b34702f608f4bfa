import type { KnownServer, McpClient } from "#/agents/mcp/client.ts";
import { readTools } from "#/agents/mcp/listed-tool.ts";
import type { ToolList } from "#/agents/vocabulary/mcp.ts";
import type { Outcome } from "#/agents/mcp/outcome.ts";

const MOST_PAGES = 20;
/** More than any model can choose among; a server with more is not one to offer whole. */
const MOST_TOOLS = 500;

type Listing = { readonly kind: "listed"; readonly list: ToolList } | Outcome;

/** Reads all pages of a server's list of tools, within limits. */
export async function listTools(
  client: McpClient,
  server: KnownServer,
  signal?: AbortSignal,
): Promise<Listing> {
  const listed: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const outcome = await client.send(server, { method: "tools/list", params, signal });
    if (outcome.kind !== "result") return outcome;
    const { tools, nextCursor } = outcome.result;
    if (!Array.isArray(tools)) return refusal("Its list of tools is none.");
    listed.push(...tools);
    if (listed.length > MOST_TOOLS) return refusal(`It lists more than ${MOST_TOOLS} tools.`);
    if (typeof nextCursor !== "string" || nextCursor === "")
      return { kind: "listed", list: readTools(listed) };
    cursor = nextCursor;
  }
  return refusal(`Its list of tools has more than ${MOST_PAGES} pages.`);
}

const refusal = (message: string): Outcome => ({ kind: "error", code: 0, message });
