import type { Page } from "#/db/page.ts";
import { listWorkflows as readWorkflows, type WorkflowSummary } from "#/db/workflows.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listWorkflowsContract } from "#/operations/workflows/contract.ts";

/** Lists workflows that are not archived, newest first, without their definitions. */
export function listWorkflows(
  { tenant }: Caller,
  page: Input<typeof listWorkflowsContract>,
): Promise<Page<WorkflowSummary>> {
  return readWorkflows(tenant, page);
}
