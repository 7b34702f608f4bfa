import { useQuery, useQueryClient } from "@tanstack/react-query";
import { apiKeyList } from "./queries.ts";

export function useApiKeys() {
  return useQuery(apiKeyList());
}

/** Has the list read again, for whoever has made or revoked one. */
export function useRefreshApiKeys(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: apiKeyList().queryKey });
}
