import { retryRun as retry } from "#/operations/runs/fork-run.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { type ForkedFrom, requestFork, showForked } from "#/operations/runs/forked.ts";
import type { StartedRun } from "#/operations/runs/started.ts";

/**
 * Starts a run that continues from the last checkpoint of one that failed, timed out or was cancelled; finished model calls are not paid for
 * again. Refuses with `not-found`, `wrong-status` or `invalid-input`.
 */
export async function retryRun(caller: Caller, from: ForkedFrom): Promise<StartedRun | Refusal> {
  return showForked(await retry(caller.tenant, requestFork(caller, from)));
}
