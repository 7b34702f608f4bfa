import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type {
  Run,
  RunDefinition,
  RunSummary,
  StartedRun,
  StartRun,
  TriggerKind,
} from "#/operations/runs/contract.ts";
import { callApi, queryOf } from "#/app/_ui/api-client.ts";
import { isFinal } from "../runs/[run]/progress.ts";
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
    queryFn: ({ pageParam, signal }) =>
      callApi<Page<RunSummary>>(`/api/v1/runs${queryOf({ ...filter, limit: PAGE, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: LIVE_MS,
  });
}

const LOOKED_THROUGH = 30;

/** The newest run that a trigger itself has really started: not one that was refused, made from another run, or sent again by hand. */
export function useStartedRun(trigger: TriggerKind): RunSummary | undefined {
  const { data } = useQuery({
    queryKey: ["runs", "started", trigger],
    queryFn: ({ signal }) =>
      callApi<Page<RunSummary>>(`/api/v1/runs${queryOf({ trigger, limit: LOOKED_THROUGH })}`, { signal }),
    refetchInterval: CALM_MS,
  });
  return data?.items.find(
    ({ startedAt, forkedFrom, trigger: { redeliveredBy } }) =>
      startedAt !== null && forkedFrom === null && redeliveredBy === undefined,
  );
}

/** Starts a run. The key keeps a second press from starting a second one. */
export function useStartRun(workflowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      key,
      ...body
    }: Required<Pick<StartRun, "input" | "priority">> & { readonly key: string }) =>
      callApi<StartedRun>(`/api/v1/workflows/${workflowId}/runs`, {
        method: "POST",
        body,
        headers: { "idempotency-key": key },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
}

/** The runs that a run has started, the newest first: renewed while it is under way, once when it has ended, and as long as one of them has not. */
export function useChildRuns(runId: string, isUnderWay: boolean) {
  return useInfiniteQuery({
    queryKey: ["runs", "children", runId, isUnderWay],
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      callApi<Page<RunSummary>>(`/api/v1/runs${queryOf({ parent: runId, limit: 100, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state: { data } }) =>
      isUnderWay || data?.pages.some(({ items }) => items.some(({ status }) => !isFinal(status)))
        ? LIVE_MS
        : false,
  });
}

/** The retries, forks and replays of a run, newest first. Somebody else may make one at any time, also when the run has long ended. */
export function useForks(runId: string) {
  return useQuery({
    queryKey: ["runs", "forks", runId],
    queryFn: ({ signal }) =>
      callApi<Page<RunSummary>>(`/api/v1/runs${queryOf({ forkedFrom: runId, limit: MOST_FORKS })}`, {
        signal,
      }),
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
