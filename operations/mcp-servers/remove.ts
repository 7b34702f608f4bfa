import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { deleteConnection } from "#/operations/connections/delete.ts";
import type { removeMcpServerContract } from "#/operations/mcp-servers/contract.ts";
import { readMcpServer } from "#/db/mcp-servers.ts";

/** Removes a server with its tools and credentials. Steps that call them fail from then on. Refuses with `not-found`. */
export async function removeMcpServer(
  caller: Caller,
  { id }: Input<typeof removeMcpServerContract>,
): Promise<Refusal | undefined> {
  const server = await readMcpServer(caller.tenant, id);
  return server ? deleteConnection(caller, { id }) : notFound("MCP server");
}
