import { storePause } from "#/db/run-lifecycle.ts";
import type { Run } from "#/db/runs.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { showChanged } from "#/operations/runs/changed.ts";
import type { pauseRunContract } from "#/operations/runs/contract.ts";

/** Holds a run, with all that it has started, until it is resumed; a step at work finishes first. Refuses with `not-found` or `wrong-status`. */
export async function pauseRun(
  { tenant }: Caller,
  { id }: Input<typeof pauseRunContract>,
): Promise<Run | Refusal> {
  const changed = await storePause(tenant, id);
  return showChanged(tenant, { id, changed, rule: "Only a run that has not ended can be paused." });
}
