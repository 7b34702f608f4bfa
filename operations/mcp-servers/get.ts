import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getMcpServerContract, McpServerWithTools } from "#/operations/mcp-servers/contract.ts";
import { showServer } from "#/operations/mcp-servers/show.ts";

/** Reads an MCP server with its tools, and what of them has changed. Refuses with `not-found`. */
export async function getMcpServer(
  { tenant }: Caller,
  { id }: Input<typeof getMcpServerContract>,
): Promise<McpServerWithTools | Refusal> {
  return (await showServer(tenant, id)) ?? notFound("MCP server");
}
