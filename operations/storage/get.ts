import { readStorage, type StorageUse } from "#/db/storage.ts";
import type { Caller } from "#/operations/caller.ts";

/** Returns how much the workspace stores of each kind, in bytes and rows, and for how many days each kind is kept. */
export function getStorage({ tenant }: Caller): Promise<StorageUse> {
  return readStorage(tenant);
}
