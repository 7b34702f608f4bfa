import { getMemory as readMemory, type ListedMemory } from "#/db/memory-list.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getMemoryContract } from "#/operations/memories/contract.ts";

/** Returns one fact. Refuses with `not-found`. */
export async function getMemory(
  { tenant }: Caller,
  { id }: Input<typeof getMemoryContract>,
): Promise<ListedMemory | Refusal> {
  return (await readMemory(tenant, id)) ?? notFound("memory");
}
