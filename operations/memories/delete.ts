import { getMemory } from "#/db/memory-list.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { orUnavailable } from "#/operations/documents/away.ts";
import type { deleteMemoryContract } from "#/operations/memories/contract.ts";
import { forgetMemories } from "#/operations/memories/forget.ts";

/** Deletes a fact with its vector. Refuses with `not-found`, and with `unavailable` when the vector store does not answer; the fact is still there then. */
export async function deleteMemory(
  { tenant }: Caller,
  { id }: Input<typeof deleteMemoryContract>,
): Promise<Refusal | undefined> {
  if (!(await getMemory(tenant, id))) return notFound("memory");
  const deleted = await orUnavailable(forgetMemories(tenant, [id]));
  if (typeof deleted !== "number") return deleted;
  return deleted > 0 ? undefined : notFound("memory");
}
