import type { RunStatus, TriggerKind } from "#/agents/vocabulary/run.ts";
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api } from "#/app/_ui/api.ts";
import type { StartRuns } from "#/operations/batches/contract.ts";
import type { RunSummary, StartRun } from "#/operations/runs/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { BESIDE_MS, LIVE_MS, RARE_MS } from "./poll.ts";
import {
  FIRST_OF_TRIGGER,
  forkList,
  runCounts,
  runDefinition,
  runEstimate,
  type RunFilter,
  runPages,
  startedRuns,
} from "./queries.ts";
import { readStarted } from "./started-runs.ts";

const RUNS = keyOf("GET /api/v1/runs");

/** Runs that fit the filter, newest first. While `isLive` they are refreshed: often while one is under way, else now and then. */
export function useRuns(filter: RunFilter, isLive: boolean) {
  return useInfiniteQuery({
    ...runPages(filter),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => {
      if (!isLive) return false;
      return data?.pages.some(({ items }) => items.some(({ status }) => AT_WORK.has(status)))
        ? LIVE_MS
        : RARE_MS;
    },
  });
}

const AT_WORK: ReadonlySet<RunStatus> = new Set(["queued", "running", "retrying"]);

/** Counts the runs of the last day by time and status. Asked again when the list has changed: see `useFollowers`. */
export function useRunCounts() {
  return useQuery(runCounts());
}

/** Reads anew what depends on runs, whenever `moment` changes: a page that shows runs asks for them alone while nothing happens. */
export function useFollowers(moment: string): void {
  const client = useQueryClient();
  const seen = useRef(moment);
  useEffect(() => {
    if (seen.current === moment) return;
    seen.current = moment;
    for (const queryKey of [
      keyOf("GET /api/v1/approvals"),
      keyOf("GET /api/v1/run-counts"),
      [FIRST_OF_TRIGGER],
    ])
      void client.invalidateQueries({ queryKey });
  }, [client, moment]);
}

/** The newest run that a trigger itself has really started: not one that was refused, made from another run, or sent again by hand. */
export function useStartedRun(trigger: TriggerKind): RunSummary | undefined {
  const { data } = useQuery(startedRuns(trigger));
  return data?.items.find(
    ({ startedAt, forkedFrom, trigger: { redeliveredBy } }) =>
      startedAt !== null && forkedFrom === null && redeliveredBy === undefined,
  );
}

/** The likely cost of the next run of a workflow. */
export function useRunEstimate(workflowId: string) {
  return useQuery(runEstimate(workflowId));
}

/** The usual cost of a workflow's runs, to compare one of them with: asked once. */
export function useUsualCost(workflowId: string) {
  return useQuery({ ...runEstimate(workflowId), staleTime: Number.POSITIVE_INFINITY });
}

/** Starts a run. The key keeps a second press from starting a second one. */
export function useStartRun(workflowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      key,
      consent,
      ...given
    }: Required<Pick<StartRun, "input" | "priority" | "consent">> & { readonly key: string }) =>
      api("POST /api/v1/workflows/{id}/runs", {
        path: { id: workflowId },
        body: consent ? { ...given, consent } : given,
        idempotencyKey: key,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: RUNS }),
  });
}

/** Starts a run for each input. The same inputs sent again, because no answer came, start none twice. */
export function useStartRuns(workflowId: string) {
  const client = useQueryClient();
  const [sent] = useState(() => new Map<string, string>());
  return useMutation({
    mutationFn: ({ consent, ...given }: Required<Pick<StartRuns, "inputs" | "priority" | "consent">>) => {
      const body = consent ? { ...given, consent } : given;
      const idempotencyKey = sent.get(JSON.stringify(body)) ?? crypto.randomUUID();
      sent.set(JSON.stringify(body), idempotencyKey);
      return api("POST /api/v1/workflows/{id}/runs/batch", {
        path: { id: workflowId },
        body,
        idempotencyKey,
      });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: RUNS }),
  });
}

const NO_RUNS: readonly RunSummary[] = [];
/** The runs that a run has started, items of a map in their order. Read once: what changes is told by the run's stream. */
export function useStartedRuns(runId: string, asks: boolean): readonly RunSummary[] {
  const { data } = useQuery({
    queryKey: [...keyOf("GET /api/v1/runs", { query: { parent: runId } }), "all"],
    queryFn: ({ signal }) => readStarted(runId, signal),
    enabled: asks,
  });
  return data ?? NO_RUNS;
}

/** The retries, forks and replays of a run, newest first. Somebody else may make one at any time, also when the run has long ended. */
export function useForks(runId: string) {
  return useQuery({ ...forkList(runId), refetchInterval: BESIDE_MS });
}

/** The definition that a run was started with; it never changes. */
export function useRunDefinition(runId: string) {
  return useQuery({ ...runDefinition(runId), staleTime: Number.POSITIVE_INFINITY });
}

/** Changes the course of a run. */
export function useRunAction(runId: string, action: "cancel" | "pause" | "resume") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api(`POST /api/v1/runs/{id}/${action}`, { path: { id: runId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: RUNS }),
  });
}

/** Takes a failed run from the inbox, for everybody. */
export function useDismissRun(runId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api("POST /api/v1/runs/{id}/dismiss", { path: { id: runId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf("GET /api/v1/inbox") }),
  });
}

/** Cancels runs, or makes new ones that continue from where they ended, one after the other. @returns how many could not be */
export function useBulk(action: "cancel" | "retry") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      let refused = 0;
      for (const id of ids) {
        try {
          await api(`POST /api/v1/runs/{id}/${action}`, { path: { id } });
        } catch (error) {
          if (!(error instanceof ApiError) || error.status >= 500) throw error;
          refused += 1;
        }
      }
      return refused;
    },
    onSettled: () => client.invalidateQueries({ queryKey: RUNS }),
  });
}
