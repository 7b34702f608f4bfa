import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, makeQuery } from "#/app/_ui/api.ts";
import type { SetPrice } from "#/operations/prices/contract.ts";

const PRICES = makeQuery("GET /api/v1/prices");

/** Every price that the workspace knows, and what its own models cost today. */
export function usePrices() {
  return useQuery(PRICES);
}

function useChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: PRICES.queryKey });
}

export function useSetPrice() {
  const changed = useChanged();
  return useMutation({
    mutationFn: (body: SetPrice) => api("PUT /api/v1/prices", { body }),
    onSuccess: changed,
  });
}

export function useRemovePrice() {
  const changed = useChanged();
  return useMutation({
    mutationFn: (id: string) => api("DELETE /api/v1/prices/{id}", { path: { id } }),
    onSuccess: changed,
  });
}
