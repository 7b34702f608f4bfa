import { useQuery, useQueryClient } from "@tanstack/react-query";
import { storeAnswer } from "#/app/_ui/query-client.ts";
import type { Storage } from "#/operations/storage/contract.ts";
import { storageUse } from "./queries.ts";

const STORAGE = storageUse();

export function useStorage() {
  return useQuery(STORAGE);
}

/** Stores what a form was answered. */
export function useStoreStorage(): (storage: Storage) => void {
  const client = useQueryClient();
  return (storage) => storeAnswer(client, STORAGE, storage);
}
