import { useQuery, useQueryClient } from "@tanstack/react-query";
import { makeQuery } from "#/app/_ui/api.ts";

/** Every price that the workspace knows, and what its own models cost today. */
export const priceList = () => makeQuery("GET /api/v1/prices");

export function usePrices() {
  return useQuery(priceList());
}

/** Has the prices read again, for whoever has changed one. */
export function useRefreshPrices(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: priceList().queryKey });
}
