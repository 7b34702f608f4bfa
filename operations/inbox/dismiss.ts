import { storeDismissal } from "#/db/inbox.ts";
import { getRun, type Run } from "#/db/runs.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { dismissRunContract } from "#/operations/inbox/contract.ts";

/** Takes a failed run from the inbox, for everybody. Refuses with `not-found` or `wrong-status`. */
export async function dismissRun(
  { tenant }: Caller,
  { id }: Input<typeof dismissRunContract>,
): Promise<Run | Refusal> {
  const isDismissed = await storeDismissal(tenant, id);
  const run = await getRun(tenant, id);
  if (!run) return notFound("run");
  return isDismissed
    ? run
    : refuse(
        "wrong-status",
        `This run is ${run.status}. Only a run that failed or timed out is in the inbox.`,
      );
}
