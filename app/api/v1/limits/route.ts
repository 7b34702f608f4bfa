import { apiRoute } from "#/app/api/doors.ts";
import { changeLimitsContract, getLimitsContract } from "#/operations/limits/contract.ts";
import { changeLimits, readLimits } from "#/db/limits.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(getLimitsContract, async ({ tenant }) => {
  const limits = await readLimits(tenant, null);
  return limits ? ok(limits) : notFound("workspace");
});

export const PATCH = apiRoute(changeLimitsContract, async ({ tenant, body }) => {
  await changeLimits(tenant, null, body);
  const limits = await readLimits(tenant, null);
  return limits ? ok(limits) : notFound("workspace");
});

export const { POST, PUT, DELETE, OPTIONS } = otherMethods("GET", "PATCH");
