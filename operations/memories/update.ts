import { type ListedMemory, updateMemory as changeMemory } from "#/db/memory-list.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { updateMemoryContract } from "#/operations/memories/contract.ts";
import { getMemory } from "#/operations/memories/get.ts";

/** Corrects a fact. Refuses with `not-found`, and with `already-remembered` where the same is remembered in its place already. */
export async function updateMemory(
  caller: Caller,
  { id, ...change }: Input<typeof updateMemoryContract>,
): Promise<ListedMemory | Refusal> {
  const changed = await changeMemory(caller.tenant, id, change);
  if (changed === "done") return getMemory(caller, { id });
  return changed === "not-found" ? notFound("memory") : refuse("already-remembered", KNOWN);
}

const KNOWN = "The same text is remembered there already. Delete this one, or let it say something else.";
