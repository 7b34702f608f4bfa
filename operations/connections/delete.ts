import { deleteConnection as removeConnection } from "#/db/connections.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { deleteConnectionContract } from "#/operations/connections/contract.ts";

/** Deletes a connection with its credentials. Steps and tools that name it fail from then on. Refuses with `not-found`. */
export async function deleteConnection(
  { tenant }: Caller,
  { id }: Input<typeof deleteConnectionContract>,
): Promise<Refusal | undefined> {
  return (await removeConnection(tenant, id)) ? undefined : notFound("connection");
}
