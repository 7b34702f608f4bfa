import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { checkDefinition } from "#/operations/definitions/check.ts";
import { checkDefinitionContract } from "#/operations/definitions/contract.ts";

export const POST = apiRoute(checkDefinitionContract, async ({ caller, body }) =>
  ok(await checkDefinition(caller, body)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
