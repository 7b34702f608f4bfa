import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApiKey, CreateApiKey, CreatedApiKey } from "#/operations/api-keys/contract.ts";
import { callApi } from "#/app/_ui/api-client.ts";
import type { Page } from "./poll.ts";

const MOST = 100;

export function useApiKeys() {
  return useQuery({
    queryKey: ["api-keys"],
    queryFn: ({ signal }) => callApi<Page<ApiKey>>(`/api/v1/api-keys?limit=${MOST}`, { signal }),
  });
}

export function useCreateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateApiKey) => callApi<CreatedApiKey>("/api/v1/api-keys", { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["api-keys"] }),
  });
}

export function useRevokeApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => callApi<void>(`/api/v1/api-keys/${id}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["api-keys"] }),
  });
}
