import { keepMcpServer, readMcpServer } from "#/db/mcp-servers.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Problem } from "#/lib/http/wire.ts";
import type { Caller } from "#/operations/caller.ts";
import { createConnection } from "#/operations/connections/create.ts";
import type { addMcpServerContract, McpServerWithTools } from "#/operations/mcp-servers/contract.ts";
import { askServer } from "#/operations/mcp-servers/refresh.ts";
import { showServer } from "#/operations/mcp-servers/show.ts";

type NewServer = Input<typeof addMcpServerContract> & { readonly id: string };

/**
 * Adds an MCP server as a connection under `id` and asks it for its tools; what is in the way is in the answer. The same id again returns what the
 * first call made. Refuses with `invalid-request` for fields that do not fit the way of signing in, and with `name-taken`.
 */
export async function addMcpServer(
  caller: Caller,
  { id, name, preset, ...given }: NewServer,
): Promise<McpServerWithTools | Refusal> {
  const { tenant } = caller;
  const fields = Object.fromEntries(
    Object.entries(given).flatMap(([field, value]) =>
      value === undefined || value === "" ? [] : [[field, value]],
    ),
  );
  const created = await createConnection(caller, { id, name, kind: "mcp", fields });
  if ("refused" in created) return atOwnFields(created);
  await keepMcpServer(tenant, id, preset);
  const server = await readMcpServer(tenant, id);
  if (!server) return notFound("MCP server");
  await askServer(tenant, server);
  return (await showServer(tenant, id)) ?? notFound("MCP server");
}

/** A connection's fields are this request's own. */
function atOwnFields({ refused, detail, errors }: Refusal): Refusal {
  return refuse(refused, detail, errors && { errors: errors.map(atOwnField) });
}

const atOwnField = ({ path, message }: Problem): Problem => ({
  path: path.replace(/^\/fields/, ""),
  message,
});
