import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import type { CreateApiKey } from "#/operations/api-keys/contract.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { apiKeyList } from "./queries.ts";

const API_KEYS = keyOf("GET /api/v1/api-keys");

export function useApiKeys() {
  return useQuery(apiKeyList());
}

export function useCreateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateApiKey) => api("POST /api/v1/api-keys", { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: API_KEYS }),
  });
}

export function useRevokeApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api("DELETE /api/v1/api-keys/{id}", { path: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: API_KEYS }),
  });
}
