import { pauseRun } from "#/operations/runs/change-run.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { afterChange } from "#/app/api/v1/runs/change.ts";
import { pauseRunContract } from "#/operations/runs/contract.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";

export const POST = apiRoute(pauseRunContract, async ({ tenant, params }) =>
  afterChange(tenant, {
    runId: params.id,
    changed: await pauseRun(tenant, params.id),
    rule: "Only a run that has not ended can be paused.",
  }),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
