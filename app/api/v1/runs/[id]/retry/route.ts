import { retryRun } from "#/agents/runtime.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { afterChange } from "#/app/api/v1/runs/change.ts";
import { retryRunContract } from "#/app/api/v1/runs/contract.ts";

export const POST = apiRoute(retryRunContract, async ({ tenant, params }) => {
  const changed = await retryRun(tenant, params.id);
  return afterChange(tenant, { runId: params.id, changed, rule: "Only a run that failed or timed out can be retried." });
});
