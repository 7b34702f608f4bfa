import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Run, RunDefinition, RunSummary, StartedRun, StartRun } from "#/app/api/v1/runs/contract.ts";
import { callApi, queryOf } from "#/app/_ui/api-client.ts";
import { CALM_MS, LIVE_MS, type Page } from "./poll.ts";

export interface RunFilter {
  readonly status?: string | null;
  readonly workflow?: string | null;
  readonly trigger?: string | null;
}

const PAGE = 30;
const MOST_FORKS = 20;

/** Runs that fit the filter, newest first, renewed while looked at. */
export function useRuns(filter: RunFilter) {
  return useInfiniteQuery({
    queryKey: ["runs", filter],
    queryFn: ({ pageParam, signal }) => callApi<Page<RunSummary>>(`/api/v1/runs${queryOf({ ...filter, limit: PAGE, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: LIVE_MS,
  });
}

/** The newest run that fits the filter; null when there is none. */
export function useNewestRun(filter: RunFilter) {
  return useQuery({
    queryKey: ["runs", "newest", filter],
    queryFn: async ({ signal }) => (await callApi<Page<RunSummary>>(`/api/v1/runs${queryOf({ ...filter, limit: 1 })}`, { signal })).items[0] ?? null,
    refetchInterval: CALM_MS,
  });
}

/** Starts a run. The key keeps a second press from starting a second one. */
export function useStartRun(workflowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: Required<Pick<StartRun, "input" | "priority">> & { readonly key: string }) =>
      callApi<StartedRun>(`/api/v1/workflows/${workflowId}/runs`, { method: "POST", body, headers: { "idempotency-key": key } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
}

/** The runs that a run has started, in the order of the newest first, renewed while it is under way. */
export function useChildRuns(runId: string, renewed: boolean) {
  return useInfiniteQuery({
    queryKey: ["runs", "children", runId],
    queryFn: ({ pageParam, signal }) => callApi<Page<RunSummary>>(`/api/v1/runs${queryOf({ parent: runId, limit: 100, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: renewed ? LIVE_MS : false,
  });
}

/** The retries, forks and replays of a run, newest first. Somebody else may make one at any time, also when the run has long ended. */
export function useForks(runId: string) {
  return useQuery({
    queryKey: ["runs", "forks", runId],
    queryFn: ({ signal }) => callApi<Page<RunSummary>>(`/api/v1/runs${queryOf({ forkedFrom: runId, limit: MOST_FORKS })}`, { signal }),
    refetchInterval: CALM_MS,
  });
}

/** What a run does; it never changes. */
export function useRunDefinition(runId: string) {
  return useQuery({
    queryKey: ["run-definition", runId],
    queryFn: ({ signal }) => callApi<RunDefinition>(`/api/v1/runs/${runId}/definition`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Changes the course of a run. */
export function useRunAction(runId: string, action: "cancel" | "pause" | "resume") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApi<Run>(`/api/v1/runs/${runId}/${action}`, { method: "POST" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
}
