import { apiRoute } from "#/app/api/doors.ts";
import { listSideEffectsContract } from "#/operations/runs/contract.ts";
import { listSideEffects } from "#/db/side-effects.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listSideEffectsContract, async ({ tenant, params, query }) => {
  const page = await listSideEffects(tenant, params.id, query);
  return page ? ok(page) : notFound("run");
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
