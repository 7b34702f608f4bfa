import { apiRoute } from "#/app/api/doors.ts";
import { getRunDefinitionContract } from "#/operations/runs/contract.ts";
import { getRunDefinition } from "#/db/runs.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(getRunDefinitionContract, async ({ tenant, params }) => {
  const definition = await getRunDefinition(tenant, params.id);
  return definition ? ok(definition) : notFound("run");
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
