import { type ListedMemory, listMemories as readMemories } from "#/db/memory-list.ts";
import type { Page } from "#/db/page.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listMemoriesContract } from "#/operations/memories/contract.ts";

/** Lists what agents remember, newest first. */
export function listMemories(
  { tenant }: Caller,
  filter: Input<typeof listMemoriesContract>,
): Promise<Page<ListedMemory>> {
  return readMemories(tenant, filter);
}
