import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, makeQuery } from "#/app/_ui/api.ts";

/** All connections of the workspace. */
export const connectionList = () => makeQuery("GET /api/v1/connections");

export function useConnections() {
  return useQuery(connectionList());
}

/** One connection with the workflows that name it, asked anew whenever a window opens. */
export function useConnectionUses(id: string | undefined) {
  return useQuery({
    ...makeQuery("GET /api/v1/connections/{id}", { path: { id: id ?? "" } }),
    enabled: id !== undefined,
    gcTime: 0,
  });
}

/** Has the list read again, for whoever has changed a connection. */
export function useRefreshConnections(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: connectionList().queryKey });
}

export function useTestConnection() {
  const refresh = useRefreshConnections();
  return useMutation({
    mutationFn: (id: string) => api("POST /api/v1/connections/{id}/test", { path: { id } }),
    onSuccess: refresh,
  });
}
