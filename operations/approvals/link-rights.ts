import type { Tenant } from "#/db/client.ts";
import type { OpenApproval } from "#/db/decisions.ts";
import { type BudgetRights, refuseBudget } from "#/operations/approvals/budget-rights.ts";
import { refuseChange } from "#/operations/approvals/change-rights.ts";

/** A link is for one run, and whoever uses it need not have an account. */
export const LINK_RIGHTS: BudgetRights = { maySetLimits: async () => false, within: "question" };

/** Refuses what no link may decide. @returns the reason, in words */
export const refuseByLink = async (tenant: Tenant, asked: OpenApproval): Promise<string | undefined> =>
  (await refuseChange(tenant, asked, { kind: "link" })) ?? refuseBudget(tenant, asked, LINK_RIGHTS);
