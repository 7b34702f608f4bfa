import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  CreateWorkflow,
  PublishedVersion,
  UpdateWorkflow,
  Version,
  VersionDetail,
  Workflow,
  WorkflowSummary,
} from "#/operations/workflows/contract.ts";
import { ApiError } from "#/app/_ui/api-error.ts";
import { callApi } from "#/app/_ui/api-client.ts";
import { CALM_MS, type Page } from "./poll.ts";

const MOST = 100;

export function useWorkflows() {
  return useQuery({
    queryKey: ["workflows"],
    queryFn: ({ signal }) => callApi<Page<WorkflowSummary>>(`/api/v1/workflows?limit=${MOST}`, { signal }),
    refetchInterval: CALM_MS,
  });
}

/** A workflow with its draft. It does not renew itself: somebody may be writing. */
export function useWorkflow(id: string | undefined) {
  return useQuery({
    queryKey: ["workflow", id],
    queryFn: ({ signal }) => callApi<Workflow>(`/api/v1/workflows/${id}`, { signal }),
    enabled: id !== undefined,
    refetchOnWindowFocus: false,
  });
}

export function useVersions(id: string) {
  return useQuery({
    queryKey: ["workflow", id, "versions"],
    queryFn: ({ signal }) =>
      callApi<Page<Version>>(`/api/v1/workflows/${id}/versions?limit=${MOST}`, { signal }),
  });
}

/** One version; it never changes. */
export function useVersion(id: string | null, version: number | null) {
  return useQuery({
    queryKey: ["workflow", id, "versions", version],
    queryFn: ({ signal }) =>
      callApi<VersionDetail>(`/api/v1/workflows/${id}/versions/${version}`, { signal }),
    enabled: id !== null && version !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const MOST_NUMBERED = 50;

/** Creates a workflow under its name, or with a number behind it where that is taken. */
export function useCreateWorkflow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: CreateWorkflow) => {
      for (let number = 1; ; number += 1) {
        try {
          const name = number === 1 ? body.name : `${body.name} ${number}`;
          return await callApi<Workflow>("/api/v1/workflows", { method: "POST", body: { ...body, name } });
        } catch (error) {
          if (!(error instanceof ApiError) || error.code !== "name-taken" || number >= MOST_NUMBERED)
            throw error;
        }
      }
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["workflows"] }),
  });
}

export function useSaveWorkflow(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UpdateWorkflow) =>
      callApi<Workflow>(`/api/v1/workflows/${id}`, { method: "PATCH", body }),
    onSuccess: (workflow) => {
      client.setQueryData(["workflow", id], workflow);
      return client.invalidateQueries({ queryKey: ["workflows"] });
    },
  });
}

/** Reads a workflow again, for whoever was told that it has changed. */
export function useReadWorkflow(id: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["workflow", id], exact: true });
}

function readAgain(client: QueryClient, id: string): Promise<unknown> {
  return Promise.all([
    client.invalidateQueries({ queryKey: ["workflow", id] }),
    client.invalidateQueries({ queryKey: ["workflows"] }),
  ]);
}

export function usePublish(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (revision: number) =>
      callApi<PublishedVersion>(`/api/v1/workflows/${id}/versions`, { method: "POST", body: { revision } }),
    onSuccess: () => readAgain(client, id),
  });
}

export function useRollback(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (version: number) =>
      callApi<Workflow>(`/api/v1/workflows/${id}/rollback`, { method: "POST", body: { version } }),
    onSuccess: () => readAgain(client, id),
  });
}

export function useArchiveWorkflow(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApi<void>(`/api/v1/workflows/${id}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["workflows"] }),
  });
}
