import { storeCancel } from "#/db/run-lifecycle.ts";
import type { Run } from "#/db/runs.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import { type Caller, findActor } from "#/operations/caller.ts";
import { traceEnd } from "#/operations/execution/trace-end.ts";
import { showChanged } from "#/operations/runs/changed.ts";
import type { cancelRunContract } from "#/operations/runs/contract.ts";

/** Ends a run now, with all that it has started; nothing of a step under way is kept. Refuses with `not-found` or `wrong-status`. */
export async function cancelRun(
  caller: Caller,
  { id }: Input<typeof cancelRunContract>,
): Promise<Run | Refusal> {
  const by = await findActor(caller);
  const changed = await storeCancel(caller.tenant, id, `Cancelled by ${by.name ?? by.kind}.`);
  if (changed.kind === "done") traceEnd(caller.tenant, id);
  const rule = "Only a run that has not ended can be cancelled.";
  return showChanged(caller.tenant, { id, changed, rule });
}
