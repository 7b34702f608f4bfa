import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import type { BindSecret, PutSecret } from "#/operations/secrets/contract.ts";
import { secretList } from "./queries.ts";

const SECRETS = secretList();

export function useSecrets() {
  return useQuery(SECRETS);
}

export function usePutSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...body }: PutSecret & { readonly name: string }) =>
      api("PUT /api/v1/secrets/{name}", { path: { name }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: SECRETS.queryKey }),
    // The value does not stay in the page.
    gcTime: 0,
  });
}

export function useBindSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...body }: BindSecret & { readonly name: string }) =>
      api("PATCH /api/v1/secrets/{name}", { path: { name }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: SECRETS.queryKey }),
  });
}

export function useDeleteSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api("DELETE /api/v1/secrets/{name}", { path: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: SECRETS.queryKey }),
  });
}
