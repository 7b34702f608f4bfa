import { archiveWorkflow as storeArchived } from "#/db/workflows.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { archiveWorkflowContract } from "#/operations/workflows/contract.ts";
import { noSuchWorkflow } from "#/operations/workflows/refusals.ts";

/** Archives a workflow: nothing starts it any more, and runs under way finish. Refuses with `not-found`. */
export async function archiveWorkflow(
  { tenant }: Caller,
  { id }: Input<typeof archiveWorkflowContract>,
): Promise<Refusal | undefined> {
  return (await storeArchived(tenant, id)) ? undefined : noSuchWorkflow;
}
