import { readProgress as readLog, type Run, type StepLog } from "#/db/runs.ts";
import type { Caller } from "#/operations/caller.ts";

interface Progress {
  readonly run: Run | undefined;
  readonly steps: readonly StepLog[];
}

/** Reads a run with at most `limit` lines of its log after `seq`: of one that has ended, all of them. `run` is undefined where there is none. */
export function readProgress(
  { tenant }: Caller,
  { id, ...page }: { readonly id: string; readonly seq: number; readonly limit: number },
): Promise<Progress> {
  return readLog(tenant, id, page);
}
