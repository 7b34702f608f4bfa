import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, makePagedQuery } from "#/app/_ui/api.ts";
import { keyOf } from "#/sdk/client/query.ts";
import type { Answer, Input } from "#/sdk/client/routes.ts";
import { MOST } from "./queries.ts";

const PAGE = 30;
const CHECKPOINTS = "GET /api/v1/runs/{id}/checkpoints";

/** Reads the checkpoints of a run, newest first. */
export function useCheckpoints(runId: string) {
  return useInfiniteQuery(makePagedQuery(CHECKPOINTS, { path: { id: runId }, query: { limit: PAGE } }));
}

/** The public state at the beginning of a superstep. */
export function useStateBefore(runId: string, superstep: number) {
  const path = { id: runId };
  return useQuery({
    queryKey: [...keyOf(CHECKPOINTS, { path }), superstep],
    queryFn: async ({ signal }) => {
      let cursor: string | null = null;
      do {
        const query = { limit: MOST, cursor };
        const page: Answer<typeof CHECKPOINTS> = await api(CHECKPOINTS, { path, query, signal });
        const found = page.items.find((checkpoint) => checkpoint.superstep === superstep);
        if (found) return found.state;
        cursor = page.nextCursor;
      } while (cursor !== null);
      return {};
    },
  });
}

/** Makes a run that continues from a step of this one. */
export function useForkRun(runId: string) {
  return useMadeRun((body: Input<"POST /api/v1/runs/{id}/fork">["body"]) =>
    api("POST /api/v1/runs/{id}/fork", { path: { id: runId }, body }),
  );
}

/** Makes a run with the input of this one. */
export function useReplayRun(runId: string) {
  return useMadeRun(() => api("POST /api/v1/runs/{id}/replay", { path: { id: runId }, body: {} }));
}

/** Makes a run that continues from the last checkpoint of this one. */
export function useRetryRun(runId: string) {
  return useMadeRun(() => api("POST /api/v1/runs/{id}/retry", { path: { id: runId } }));
}

function useMadeRun<Body = void>(make: (body: Body) => Promise<Answer<"POST /api/v1/runs/{id}/retry">>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: make,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keyOf("GET /api/v1/runs") }),
        client.invalidateQueries({ queryKey: keyOf("GET /api/v1/inbox") }),
      ]),
  });
}
