import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { changeWorkflowLimitsContract, getWorkflowLimitsContract } from "#/operations/limits/contract.ts";
import { changeWorkflowLimits } from "#/operations/limits/change.ts";
import { getWorkflowLimits } from "#/operations/limits/get.ts";

export const GET = apiRoute(getWorkflowLimitsContract, async ({ caller, params }) =>
  ok(await getWorkflowLimits(caller, params)),
);

export const PATCH = apiRoute(changeWorkflowLimitsContract, async ({ caller, params, body }) =>
  ok(await changeWorkflowLimits(caller, { ...params, ...body })),
);

export const { POST, PUT, DELETE, OPTIONS } = otherMethods("GET", "PATCH");
