import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { getRunDefinitionContract } from "#/operations/runs/contract.ts";
import { getRunDefinition } from "#/operations/runs/get-definition.ts";

export const GET = apiRoute(getRunDefinitionContract, async ({ caller, params }) =>
  ok(await getRunDefinition(caller, params)),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
