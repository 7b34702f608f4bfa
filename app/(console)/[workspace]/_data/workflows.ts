import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, makeQuery } from "#/app/_ui/api.ts";
import { storeAnswer } from "#/app/_ui/query-client.ts";
import type { CreateWorkflow, UpdateWorkflow, Workflow } from "#/operations/workflows/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { RARE_MS } from "./poll.ts";
import { versionList, workflowDetail, workflowList } from "./queries.ts";

/** The list alone: a draft that somebody is writing is not read again because another workflow has changed. */
const LIST = workflowList().queryKey;

export function useWorkflows(everyMs: number | false = RARE_MS) {
  return useQuery({ ...workflowList(), refetchInterval: everyMs });
}

const MOST_FOUND = 20;

/** The workflows whose names have these words, or without words those that were changed last. The list stays while another is on its way. */
export function useFoundWorkflows(search: string) {
  return useQuery({
    ...makeQuery("GET /api/v1/workflows", {
      query: { limit: MOST_FOUND, ...(search !== "" && { search }) },
    }),
    placeholderData: keepPreviousData,
  });
}

/** A workflow with its draft. It is not refreshed: somebody may be writing. */
export function useWorkflow(id: string | undefined) {
  return useQuery({
    ...workflowDetail(id ?? ""),
    enabled: id !== undefined,
    refetchOnWindowFocus: false,
  });
}

export function useVersions(id: string) {
  return useQuery(versionList(id));
}

/** One version; it never changes. */
export function useVersion(id: string | null, version: number | null) {
  return useQuery({
    ...makeQuery("GET /api/v1/workflows/{id}/versions/{version}", {
      path: { id: id ?? "", version: version ?? 0 },
    }),
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
          return await api("POST /api/v1/workflows", { body: { ...body, name } });
        } catch (error) {
          if (!(error instanceof ApiError) || error.code !== "name-taken" || number >= MOST_NUMBERED)
            throw error;
        }
      }
    },
    onSuccess: () => client.invalidateQueries({ queryKey: LIST }),
  });
}

export function useSaveWorkflow(id: string) {
  const onSuccess = useStoreWorkflow(id);
  return useMutation({
    mutationFn: (body: UpdateWorkflow) => api("PATCH /api/v1/workflows/{id}", { path: { id }, body }),
    onSuccess,
  });
}

/** Stores a workflow that was just changed, and has the list read again. */
export function useStoreWorkflow(id: string): (workflow: Workflow) => Promise<void> {
  const client = useQueryClient();
  return (workflow) => {
    storeAnswer(client, workflowDetail(id), workflow);
    return client.invalidateQueries({ queryKey: LIST });
  };
}

/** Reads a workflow again, for whoever was told that it has changed. */
export function useReadWorkflow(id: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: workflowDetail(id).queryKey, exact: true });
}

/** Checks a saved draft as publishing does, with what only publishing knows: its tools, and the workflows that it runs. */
export function useDraftCheck({ id, draftText, revision }: Workflow) {
  return useQuery({
    queryKey: ["check of a draft", id, revision],
    queryFn: () => api("POST /api/v1/definitions/check", { body: { definition: draftText, workflow: id } }),
  });
}

interface Publication {
  readonly revision: number;
  /** An admin's word that it may break the rule of two. */
  readonly override?: { readonly reason: string };
}

export function usePublish(id: string) {
  const refresh = useRefreshWorkflow(id);
  return useMutation({
    mutationFn: (body: Publication) => api("POST /api/v1/workflows/{id}/versions", { path: { id }, body }),
    onSuccess: refresh,
  });
}

export function useRollback(id: string) {
  const refresh = useRefreshWorkflow(id);
  return useMutation({
    mutationFn: (version: number) =>
      api("POST /api/v1/workflows/{id}/rollback", { path: { id }, body: { version } }),
    onSuccess: refresh,
  });
}

/** Reads a workflow, its versions and the list again. */
function useRefreshWorkflow(id: string) {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keyOf("GET /api/v1/workflows/{id}", { path: { id } }) }),
      client.invalidateQueries({ queryKey: LIST }),
    ]);
}

export function useArchiveWorkflow(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api("DELETE /api/v1/workflows/{id}", { path: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: LIST }),
  });
}
