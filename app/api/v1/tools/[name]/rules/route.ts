import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { setToolRulesContract } from "#/operations/tools/contract.ts";
import { setToolRules } from "#/operations/tools/set-rules.ts";

export const PUT = apiRoute(setToolRulesContract, async ({ caller, params, body }) =>
  ok(await setToolRules(caller, { ...params, ...body })),
);

export const { GET, POST, PATCH, DELETE, OPTIONS } = otherMethods("PUT");
