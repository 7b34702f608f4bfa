import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { draftDefinitionContract } from "#/operations/definitions/contract.ts";
import { draftDefinition } from "#/operations/definitions/draft.ts";

export const maxDuration = 150;

export const POST = apiRoute(draftDefinitionContract, async ({ caller, body, request }) =>
  ok(await draftDefinition(caller, { ...body, signal: request.signal })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
