import { changeLimits as saveLimits, type LimitsAndUsage } from "#/db/limits.ts";
import { BUDGET_LIMITS, type Budget, nameBudget } from "#/agents/engine/budget.ts";
import type { Tenant } from "#/db/client.ts";
import { lookAnew } from "#/db/decisions.ts";
import { cache } from "#/lib/cloud/cache.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { changeLimitsContract, changeWorkflowLimitsContract } from "#/operations/limits/contract.ts";
import { wake } from "#/operations/execution/wake.ts";
import { getLimits, getWorkflowLimits } from "#/operations/limits/get.ts";

/** Changes the named limits of the workspace and leaves the others; null takes a limit away. Runs under way notice with their next spending. */
export async function changeLimits(
  caller: Caller,
  change: Input<typeof changeLimitsContract>,
): Promise<LimitsAndUsage | Refusal> {
  await saveLimits(caller.tenant, null, change);
  // Before runs are woken, which is at the new pace.
  await cache().forget(caller.tenant.workspaceId);
  if (change.monthly !== undefined) await letLookAnew(caller.tenant, { of: "workspace", id: undefined });
  return getLimits(caller);
}

/** Changes the named limits of one workflow and leaves the others; null takes a limit away. Refuses with `not-found`. */
export async function changeWorkflowLimits(
  caller: Caller,
  { id, ...change }: Input<typeof changeWorkflowLimitsContract>,
): Promise<LimitsAndUsage | Refusal> {
  const isKnown = await saveLimits(caller.tenant, id, change);
  if (isKnown && change.monthly !== undefined) await letLookAnew(caller.tenant, { of: "workflow", id });
  return isKnown ? getWorkflowLimits(caller, { id }) : notFound("workflow");
}

/** Wakes the runs that wait for a month's limit which is another one now: nobody has to answer for them what the change has answered. */
async function letLookAnew(tenant: Tenant, owner: Omit<Budget, "limit">): Promise<void> {
  const { workspaceId } = tenant;
  for (const limit of BUDGET_LIMITS) {
    const owed = await lookAnew(tenant, nameBudget({ ...owner, limit }));
    await wake(owed.map((wakeUp) => Object.assign({ workspaceId }, wakeUp)));
  }
}
