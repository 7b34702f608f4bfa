import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listStepsContract } from "#/operations/runs/contract.ts";
import { listSteps } from "#/operations/runs/list-steps.ts";

export const GET = apiRoute(listStepsContract, async ({ caller, params, query }) =>
  ok(await listSteps(caller, { ...params, ...query })),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
