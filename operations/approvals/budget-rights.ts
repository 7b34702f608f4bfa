import type { Budget } from "#/agents/engine/budget.ts";
import type { Tenant } from "#/db/client.ts";
import { isRunWithin } from "#/db/families.ts";
import { confinementOf, type Principal } from "#/lib/auth/principal.ts";
import { mayStill } from "#/operations/access/people.ts";

/** How far somebody may go with a budget that is not of the very run that asks. */
export interface BudgetRights {
  readonly maySetLimits: () => Promise<boolean>;
  /** The workflows that they are confined to, or the one question that a link opens. */
  readonly within: "workspace" | "question" | readonly string[];
}

export function readBudgetRights(principal: Principal): BudgetRights {
  return {
    maySetLimits: () => mayStill(principal, "settings:write"),
    within: confinementOf(principal) ?? "workspace",
  };
}

const isOfMonth = (budget: Budget | undefined): boolean => budget !== undefined && budget.of !== "run";

interface AskedAbout {
  readonly runId: string;
  /** Undefined for what is no question about a budget. */
  readonly budget: Budget | undefined;
}

/**
 * Refuses what is beyond somebody's rights: the budget of a month holds up runs of everybody, so that raising it changes a setting and stopping stops all of
 * them; that of a run above may be of a workflow that a confined key does not reach.
 * @returns the reason, in words
 */
export async function refuseBudget(
  tenant: Tenant,
  { runId, budget }: AskedAbout,
  { within }: BudgetRights,
): Promise<string | undefined> {
  if (budget === undefined || within === "workspace") return undefined;
  if (budget.of !== "run") return FOR_EVERYBODY;
  if (within === "question" || budget.id === undefined || budget.id === runId) return undefined;
  return (await isRunWithin(tenant, budget.id, within)) ? undefined : OF_ANOTHER;
}

const FOR_EVERYBODY =
  "This limit holds for a whole month and for everybody. Decide in the app, or with a key that is not confined.";
const OF_ANOTHER =
  "This is the budget of a run above, of a workflow that this key is not for. Decide in the app, or with a key that reaches it.";

/** Refuses to raise a month's limit to whoever may not set it: they may stop the runs that wait for it. @returns the reason, in words */
export async function refuseRaise(
  { budget }: Pick<AskedAbout, "budget">,
  action: string,
  { maySetLimits }: BudgetRights,
): Promise<string | undefined> {
  return isOfMonth(budget) && action === "raise" && !(await maySetLimits()) ? FOR_ADMINS : undefined;
}

const FOR_ADMINS =
  "This limit holds for a whole month, and only an admin may raise it. You can stop the runs that wait for it.";
