import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, makeQuery } from "#/app/_ui/api.ts";
import type { AddMcpServer, ChangeMcpTools } from "#/operations/mcp-servers/contract.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { RARE_MS } from "./poll.ts";
import { mcpPresets, mcpServerList } from "./queries.ts";

const SERVERS = keyOf("GET /api/v1/mcp-servers");
/** A server with its tools. */
export const mcpServer = (id: string) => makeQuery("GET /api/v1/mcp-servers/{id}", { path: { id } });

export const useMcpServers = () => useQuery({ ...mcpServerList(), refetchInterval: RARE_MS });
export const useMcpPresets = () => useQuery(mcpPresets());
export const useMcpServer = (id: string) => useQuery(mcpServer(id));

/** Everything that is known of servers is read anew. */
function useReload() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: SERVERS });
}

export function useAddMcpServer() {
  const reload = useReload();
  return useMutation({
    mutationFn: (body: AddMcpServer) => api("POST /api/v1/mcp-servers", { body }),
    onSuccess: reload,
  });
}

export function useRefreshMcpServer(id: string) {
  const reload = useReload();
  return useMutation({
    mutationFn: () => api("POST /api/v1/mcp-servers/{id}/refresh", { path: { id } }),
    onSuccess: reload,
  });
}

export function useChangeMcpTools(id: string) {
  const reload = useReload();
  return useMutation({
    mutationFn: (tools: ChangeMcpTools["tools"]) =>
      api("PATCH /api/v1/mcp-servers/{id}/tools", { path: { id }, body: { tools } }),
    onSuccess: reload,
  });
}

/** Sends the person to where they let us in; they come back to the page of the servers. */
export function useSignIn(id: string) {
  return useMutation({
    mutationFn: () => api("POST /api/v1/mcp-servers/{id}/sign-in", { path: { id } }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
}

export function useRemoveMcpServer(id: string) {
  const reload = useReload();
  return useMutation({
    mutationFn: () => api("DELETE /api/v1/mcp-servers/{id}", { path: { id } }),
    // Not awaited: the card that asked goes with the new list, and what it wanted to tell would go unsaid.
    onSuccess: () => void reload(),
  });
}
