import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import type { UpdateMemory } from "#/operations/memories/contract.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { type MemoryFilter, memoryPages } from "./queries.ts";

const MEMORIES = keyOf("GET /api/v1/memories");

/** Facts that fit the filter, newest first. */
export function useMemories(filter: MemoryFilter) {
  return useInfiniteQuery({ ...memoryPages(filter), placeholderData: keepPreviousData });
}

export function useUpdateMemory() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: UpdateMemory & { readonly id: string }) =>
      api("PATCH /api/v1/memories/{id}", { path: { id }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: MEMORIES }),
  });
}

export function useDeleteMemory() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api("DELETE /api/v1/memories/{id}", { path: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: MEMORIES }),
  });
}

export function useForgetSubject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (subject: string) => api("POST /api/v1/memory-subjects/forget", { body: { subject } }),
    onSuccess: () => client.invalidateQueries({ queryKey: MEMORIES }),
  });
}
