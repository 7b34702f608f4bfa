import { isUnsuccessful } from "#/agents/vocabulary/run.ts";
import { readRunTimeout } from "#/agents/definition/format/duration.ts";
import { readOrigin } from "#/db/forks.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { checkForkInput, type ForkedFrom, refuseProblems, storeFork } from "#/operations/runs/forked.ts";
import type { StartedRun } from "#/operations/runs/started.ts";

/**
 * Starts a run that continues from the last checkpoint of one that failed, timed out or was cancelled; finished model calls are not paid for
 * again. Refuses with `not-found`, `wrong-status` or `invalid-input`.
 */
export async function retryRun(caller: Caller, from: ForkedFrom): Promise<StartedRun | Refusal> {
  const origin = await readOrigin(caller.tenant, from.id);
  if (!origin) return notFound("run");
  if (!isUnsuccessful(origin.status))
    return refuse(
      "wrong-status",
      `This run is ${origin.status}. Only a run that failed, timed out or was cancelled can be retried; any run can be forked or replayed.`,
    );
  // A run that was refused for its input has never begun, and continuing with it would get around the check.
  const input = checkForkInput(origin.definition, origin.input);
  if (!input.ok) return refuseProblems("invalid-input", input.problems);
  return storeFork(caller, from, {
    superstep: null,
    fresh: false,
    state: {},
    reuses: true,
    timeoutMs: readRunTimeout(origin.definition),
  });
}
