import { replayRun as replay } from "#/operations/runs/fork-run.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { replayRunContract } from "#/operations/runs/contract.ts";
import { type ForkedFrom, requestFork, showForked } from "#/operations/runs/forked.ts";
import type { StartedRun } from "#/operations/runs/started.ts";

type Replay = Input<typeof replayRunContract> & ForkedFrom;

/**
 * Starts a run that does the whole of another anew, with its input and version or with others. Refuses with `not-found`, `not-published`,
 * `invalid-input`, or `wrong-status` for a child run.
 */
export async function replayRun(
  caller: Caller,
  { id, idempotencyKey, ...how }: Replay,
): Promise<StartedRun | Refusal> {
  return showForked(await replay(caller.tenant, { ...requestFork(caller, { id, idempotencyKey }), ...how }));
}
