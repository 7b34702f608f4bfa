import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BindSecret, PutSecret, Secret } from "#/operations/secrets/contract.ts";
import { callApi } from "#/app/_ui/api-client.ts";

export function useSecrets() {
  return useQuery({
    queryKey: ["secrets"],
    queryFn: ({ signal }) => callApi<{ readonly items: readonly Secret[] }>("/api/v1/secrets", { signal }),
  });
}

export function usePutSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...body }: PutSecret & { readonly name: string }) =>
      callApi<Secret>(`/api/v1/secrets/${encodeURIComponent(name)}`, { method: "PUT", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["secrets"] }),
    // The value does not stay in the page.
    gcTime: 0,
  });
}

export function useBindSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...body }: BindSecret & { readonly name: string }) =>
      callApi<Secret>(`/api/v1/secrets/${encodeURIComponent(name)}`, { method: "PATCH", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["secrets"] }),
  });
}

export function useDeleteSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      callApi<void>(`/api/v1/secrets/${encodeURIComponent(name)}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["secrets"] }),
  });
}
