import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { compareDefinition } from "#/operations/definitions/compare.ts";
import { compareDefinitionContract } from "#/operations/definitions/contract.ts";

export const POST = apiRoute(compareDefinitionContract, async ({ caller, body }) =>
  ok(await compareDefinition(caller, body)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
