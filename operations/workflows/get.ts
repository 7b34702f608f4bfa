import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getWorkflowContract } from "#/operations/workflows/contract.ts";
import { noSuchWorkflow } from "#/operations/workflows/refusals.ts";
import { type ShownWorkflow, showWorkflow } from "#/operations/workflows/show.ts";

/** Returns a workflow with its draft, the problems that keep the draft from being published, and warnings. Refuses with `not-found`. */
export async function getWorkflow(
  { tenant }: Caller,
  { id }: Input<typeof getWorkflowContract>,
): Promise<ShownWorkflow | Refusal> {
  return (await showWorkflow(tenant, id)) ?? noSuchWorkflow;
}
