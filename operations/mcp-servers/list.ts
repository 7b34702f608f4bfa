import { listMcpServers as readServers } from "#/db/mcp-servers.ts";
import { countMcpTools } from "#/db/mcp-tools.ts";
import type { Caller } from "#/operations/caller.ts";
import type { McpServer } from "#/operations/mcp-servers/contract.ts";
import { toShown } from "#/operations/mcp-servers/show.ts";

/** Lists the MCP servers of the workspace by name, each with its state and the numbers of its tools. */
export async function listMcpServers({ tenant }: Caller): Promise<{ readonly items: McpServer[] }> {
  const [servers, counts] = await Promise.all([readServers(tenant), countMcpTools(tenant)]);
  return { items: servers.map((server) => toShown(server, counts)) };
}
