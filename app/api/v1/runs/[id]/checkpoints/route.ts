import { apiRoute } from "#/app/api/doors.ts";
import { listCheckpointsContract } from "#/operations/runs/contract.ts";
import { listCheckpoints } from "#/db/checkpoint-history.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listCheckpointsContract, async ({ tenant, params, query }) => {
  const page = await listCheckpoints(tenant, params.id, query);
  return page ? ok(page) : notFound("run");
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
