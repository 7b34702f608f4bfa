import { type Approval, listApprovals as readApprovals } from "#/db/approvals.ts";
import type { Page } from "#/db/page.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { listApprovalsContract } from "#/operations/approvals/contract.ts";
import type { Caller } from "#/operations/caller.ts";

/** Lists approvals that fit the filter, newest first, each with what it asks and how it was decided. */
export function listApprovals(
  { tenant }: Caller,
  filter: Input<typeof listApprovalsContract>,
): Promise<Page<Approval>> {
  return readApprovals(tenant, filter);
}
