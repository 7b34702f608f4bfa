import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, makeQuery } from "#/app/_ui/api.ts";
import { storeAnswer } from "#/app/_ui/query-client.ts";
import type { ChangeStorage } from "#/operations/storage/contract.ts";

const STORAGE = makeQuery("GET /api/v1/storage");

export function useStorage() {
  return useQuery(STORAGE);
}

export function useChangeStorage() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ChangeStorage) => api("PATCH /api/v1/storage", { body }),
    onSuccess: (storage) => storeAnswer(client, STORAGE, storage),
  });
}
