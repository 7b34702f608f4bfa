import { apiRoute } from "#/app/api/doors.ts";
import { getRunContract } from "#/operations/runs/contract.ts";
import { getRun } from "#/db/runs.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(getRunContract, async ({ tenant, params }) => {
  const run = await getRun(tenant, params.id);
  return run ? ok(run) : notFound("run");
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
