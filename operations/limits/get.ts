import { type LimitsAndUsage, readLimits } from "#/db/limits.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getWorkflowLimitsContract } from "#/operations/limits/contract.ts";

/** Returns the limits of the workspace, and how much of them is used: costs in US dollars, tokens and runs in this month. */
export async function getLimits({ tenant }: Caller): Promise<LimitsAndUsage | Refusal> {
  return (await readLimits(tenant, null)) ?? notFound("workspace");
}

/** Returns the limits of one workflow and how much of them is used. Refuses with `not-found`. */
export async function getWorkflowLimits(
  { tenant }: Caller,
  { id }: Input<typeof getWorkflowLimitsContract>,
): Promise<LimitsAndUsage | Refusal> {
  return (await readLimits(tenant, id)) ?? notFound("workflow");
}
