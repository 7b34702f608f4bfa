import { apiRoute } from "#/app/api/doors.ts";
import { listStepsContract } from "#/operations/runs/contract.ts";
import { listSteps } from "#/db/runs.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listStepsContract, async ({ tenant, params, query }) => {
  const page = await listSteps(tenant, params.id, query);
  return page ? ok(page) : notFound("run");
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
