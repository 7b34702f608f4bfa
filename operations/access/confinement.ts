import { getApproval } from "#/db/approvals.ts";
import type { Tenant } from "#/db/client.ts";
import { isRunWithin } from "#/db/families.ts";

interface Thing {
  readonly kind: "workflow" | "run" | "approval";
  readonly id: string;
}

/** Tells whether a thing belongs to one of the workflows: it is one, a run of one or what such a run has started, or a question of such a run. */
export async function isWithin(
  tenant: Tenant,
  { kind, id }: Thing,
  workflowIds: readonly string[],
): Promise<boolean> {
  switch (kind) {
    case "workflow":
      return workflowIds.includes(id);
    case "run":
      return isRunWithin(tenant, id, workflowIds);
    case "approval": {
      const approval = await getApproval(tenant, id);
      return approval !== undefined && isRunWithin(tenant, approval.runId, workflowIds);
    }
  }
}
