import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, makeQuery } from "#/app/_ui/api.ts";
import type { Run, StepLog } from "#/operations/runs/contract.ts";
import type { StartTry } from "#/operations/tries/contract.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { MOST } from "./queries.ts";

/** Starts a run of a workflow's draft. The key keeps a second press from starting a second one. */
export function useStartTry(workflowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: StartTry & { readonly key: string }) =>
      api("POST /api/v1/workflows/{id}/tries", { path: { id: workflowId }, body, idempotencyKey: key }),
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf("GET /api/v1/runs") }),
  });
}

/** The newest try of a workflow, with its input; null when there was none. Asked anew each time somebody is about to try. */
export function useLastTry(workflowId: string) {
  const list = makeQuery("GET /api/v1/runs", { query: { workflow: workflowId, try: "true", limit: 1 } });
  return useQuery({
    queryKey: [...list.queryKey, "whole"],
    queryFn: async ({ signal }): Promise<Run | null> => {
      const [last] = (await list.queryFn({ signal })).items;
      return last ? api("GET /api/v1/runs/{id}", { path: { id: last.id } }) : null;
    },
    gcTime: 0,
  });
}

/** So many pages of a log are shown on the nodes: the run's own page has all of it. */
const MOST_PAGES = 10;

/** A run as far as it has come, to follow it from there. */
export function useTriedRun(runId: string | undefined) {
  const id = runId ?? "";
  return useQuery({
    queryKey: ["tried", id],
    queryFn: async () => {
      const run = await api("GET /api/v1/runs/{id}", { path: { id } });
      return { run, steps: await readLog(id) };
    },
    enabled: runId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

async function readLog(id: string): Promise<readonly StepLog[]> {
  const lines: StepLog[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, nextCursor } = await api("GET /api/v1/runs/{id}/steps", {
      path: { id },
      query: cursor === undefined ? { limit: MOST } : { limit: MOST, cursor },
    });
    lines.push(...items);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return lines;
}
