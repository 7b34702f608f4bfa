import { api } from "#/app/_ui/api.ts";
import type { RunSummary } from "#/operations/runs/contract.ts";
import { MOST } from "./queries.ts";

/** A stream follows as many runs below its run. */
export const MOST_STARTED = 1_000;

/** Items of a map stand in the order of its list. */
export const byPart = (a: RunSummary, b: RunSummary): number => (a.part?.index ?? 0) - (b.part?.index ?? 0);

/** Reads the runs that a run has started, at most the newest thousand, items of a map in their order. */
export async function readStarted(runId: string, signal: AbortSignal): Promise<readonly RunSummary[]> {
  const runs: RunSummary[] = [];
  let cursor: string | null = null;
  do {
    const query: { parent: string; limit: number; cursor: string | null } = {
      parent: runId,
      limit: MOST,
      cursor,
    };
    const page = await api("GET /api/v1/runs", { query, signal });
    runs.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && runs.length < MOST_STARTED);
  return runs.toSorted(byPart);
}
