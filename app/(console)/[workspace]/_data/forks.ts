import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Checkpoint, StartedRun } from "#/operations/runs/contract.ts";
import { callApi, queryOf } from "#/app/_ui/api-client.ts";
import type { Page } from "./poll.ts";

const PAGE = 30;

/** Where a run stood, newest first. */
export function useCheckpoints(runId: string) {
  return useInfiniteQuery({
    queryKey: ["checkpoints", runId],
    queryFn: ({ pageParam, signal }) =>
      callApi<Page<Checkpoint>>(
        `/api/v1/runs/${runId}/checkpoints${queryOf({ limit: PAGE, cursor: pageParam })}`,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** The public state at the beginning of a superstep. */
export function useStateBefore(runId: string, superstep: number) {
  return useQuery({
    queryKey: ["checkpoints", runId, superstep],
    queryFn: async ({ signal }) => {
      let cursor: string | null = null;
      do {
        const page: Page<Checkpoint> = await callApi<Page<Checkpoint>>(
          `/api/v1/runs/${runId}/checkpoints${queryOf({ limit: 100, cursor })}`,
          { signal },
        );
        const found = page.items.find((checkpoint) => checkpoint.superstep === superstep);
        if (found) return found.state;
        cursor = page.nextCursor;
      } while (cursor !== null);
      return {};
    },
  });
}

/** Makes a run from a run: from its last checkpoint, from a step, or all of it anew. */
export function useForkRun(runId: string, how: "retry" | "fork" | "replay") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) =>
      callApi<StartedRun>(`/api/v1/runs/${runId}/${how}`, {
        method: "POST",
        ...(how !== "retry" && { body }),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
}
