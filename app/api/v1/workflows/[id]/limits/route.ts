import { apiRoute } from "#/app/api/doors.ts";
import { changeWorkflowLimitsContract, getWorkflowLimitsContract } from "#/operations/limits/contract.ts";
import { changeLimits, readLimits } from "#/db/limits.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(getWorkflowLimitsContract, async ({ tenant, params }) => {
  const limits = await readLimits(tenant, params.id);
  return limits ? ok(limits) : notFound("workflow");
});

export const PATCH = apiRoute(changeWorkflowLimitsContract, async ({ tenant, params, body }) => {
  const isKnown = await changeLimits(tenant, params.id, body);
  const limits = isKnown ? await readLimits(tenant, params.id) : undefined;
  return limits ? ok(limits) : notFound("workflow");
});

export const { POST, PUT, DELETE, OPTIONS } = otherMethods("GET", "PATCH");
