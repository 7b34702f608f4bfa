import { storeResume } from "#/db/run-lifecycle.ts";
import type { Run } from "#/db/runs.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { showChanged } from "#/operations/runs/changed.ts";
import type { resumeRunContract } from "#/operations/runs/contract.ts";

/** Lets a paused run continue, with all that it has started. Refuses with `not-found` or `wrong-status`. */
export async function resumeRun(
  { tenant }: Caller,
  { id }: Input<typeof resumeRunContract>,
): Promise<Run | Refusal> {
  const changed = await storeResume(tenant, id);
  return showChanged(tenant, { id, changed, rule: "Only a paused run can be resumed." });
}
