import { type Connection, getConnection as readConnection } from "#/db/connections.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getConnectionContract } from "#/operations/connections/contract.ts";

/** Reads a connection without what is secret of it. Refuses with `not-found`. */
export async function getConnection(
  { tenant }: Caller,
  { id }: Input<typeof getConnectionContract>,
): Promise<Connection | Refusal> {
  return (await readConnection(tenant, id)) ?? notFound("connection");
}
