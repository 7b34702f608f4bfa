import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, makeQuery } from "#/app/_ui/api.ts";
import type { CreateConnection, UpdateConnection } from "#/operations/connections/contract.ts";

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

function useChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: connectionList().queryKey });
}

export function useCreateConnection() {
  const changed = useChanged();
  return useMutation({
    mutationFn: (body: CreateConnection) => api("POST /api/v1/connections", { body }),
    onSuccess: changed,
    // What is secret does not stay in the page.
    gcTime: 0,
  });
}

export function useUpdateConnection() {
  const changed = useChanged();
  return useMutation({
    mutationFn: ({ id, ...body }: UpdateConnection & { readonly id: string }) =>
      api("PATCH /api/v1/connections/{id}", { path: { id }, body }),
    onSuccess: changed,
    gcTime: 0,
  });
}

export function useTestConnection() {
  const changed = useChanged();
  return useMutation({
    mutationFn: (id: string) => api("POST /api/v1/connections/{id}/test", { path: { id } }),
    onSuccess: changed,
  });
}

/** Sends the person to where they let us in; they come back to the page of the connections. */
export function useSignInToConnection() {
  return useMutation({
    mutationFn: (id: string) => api("POST /api/v1/connections/{id}/sign-in", { path: { id } }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
}

export function useDeleteConnection() {
  const changed = useChanged();
  return useMutation({
    mutationFn: (id: string) => api("DELETE /api/v1/connections/{id}", { path: { id } }),
    onSuccess: changed,
  });
}
