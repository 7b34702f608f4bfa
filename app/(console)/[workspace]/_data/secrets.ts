import { useQuery, useQueryClient } from "@tanstack/react-query";
import { secretList } from "./queries.ts";

const SECRETS = secretList();

export function useSecrets() {
  return useQuery(SECRETS);
}

/** Has the list read again, for whoever has changed one. */
export function useRefreshSecrets(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: SECRETS.queryKey });
}
