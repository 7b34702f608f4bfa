import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { tryToolContract } from "#/operations/tools/contract.ts";
import { tryTool } from "#/operations/tools/try.ts";

export const POST = apiRoute(tryToolContract, async ({ caller, params, body }) =>
  ok(await tryTool(caller, { ...params, ...body })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
