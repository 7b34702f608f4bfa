import { type Connection, listConnections as readConnections } from "#/db/connections.ts";
import type { Caller } from "#/operations/caller.ts";

/** Lists the connections of the workspace by name. What is secret of them never comes out again. */
export async function listConnections({
  tenant,
}: Caller): Promise<{ readonly items: readonly Connection[] }> {
  return { items: await readConnections(tenant) };
}
