import {
  type Connection,
  type ConnectionUses,
  findUses,
  getConnection as readConnection,
} from "#/db/connections.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getConnectionContract } from "#/operations/connections/contract.ts";

/** Reads a connection without what is secret of it, and the workflows and tools that name it. Refuses with `not-found`. */
export async function getConnection(
  { tenant }: Caller,
  { id }: Input<typeof getConnectionContract>,
): Promise<(Connection & ConnectionUses) | Refusal> {
  const connection = await readConnection(tenant, id);
  if (!connection) return notFound("connection");
  return { ...connection, ...(await findUses(tenant, connection.name)) };
}
