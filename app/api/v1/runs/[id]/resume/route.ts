import { resumeRun } from "#/operations/runs/change-run.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { afterChange } from "#/app/api/v1/runs/change.ts";
import { resumeRunContract } from "#/operations/runs/contract.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";

export const POST = apiRoute(resumeRunContract, async ({ tenant, params }) =>
  afterChange(tenant, {
    runId: params.id,
    changed: await resumeRun(tenant, params.id),
    rule: "Only a paused run can be resumed.",
  }),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
