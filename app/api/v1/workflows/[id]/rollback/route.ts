import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { rollbackContract } from "#/operations/workflows/contract.ts";
import { rollback } from "#/operations/workflows/rollback.ts";

export const POST = apiRoute(rollbackContract, async ({ caller, params, body }) =>
  ok(await rollback(caller, { ...params, ...body })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
