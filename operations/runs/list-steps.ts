import type { Page } from "#/db/page.ts";
import { listSteps as readSteps, type StepLog } from "#/db/runs.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listStepsContract } from "#/operations/runs/contract.ts";

/** Lists the lines of a run's log in the order they were committed. Refuses with `not-found`. */
export async function listSteps(
  { tenant }: Caller,
  { id, ...page }: Input<typeof listStepsContract>,
): Promise<Page<StepLog> | Refusal> {
  return (await readSteps(tenant, id, page)) ?? notFound("run");
}
