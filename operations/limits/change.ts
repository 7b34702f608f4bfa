import { changeLimits as saveLimits, type LimitsAndUsage } from "#/db/limits.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { changeLimitsContract, changeWorkflowLimitsContract } from "#/operations/limits/contract.ts";
import { forgetPace } from "#/operations/limits/pace.ts";
import { getLimits, getWorkflowLimits } from "#/operations/limits/get.ts";

/** Changes the named limits of the workspace and leaves the others; null takes a limit away. Runs under way notice with their next spending. */
export async function changeLimits(
  caller: Caller,
  change: Input<typeof changeLimitsContract>,
): Promise<LimitsAndUsage | Refusal> {
  await saveLimits(caller.tenant, null, change);
  forgetPace(caller.tenant);
  return getLimits(caller);
}

/** Changes the named limits of one workflow and leaves the others; null takes a limit away. Refuses with `not-found`. */
export async function changeWorkflowLimits(
  caller: Caller,
  { id, ...change }: Input<typeof changeWorkflowLimitsContract>,
): Promise<LimitsAndUsage | Refusal> {
  const isKnown = await saveLimits(caller.tenant, id, change);
  return isKnown ? getWorkflowLimits(caller, { id }) : notFound("workflow");
}
