import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { testConnectionContract } from "#/operations/connections/contract.ts";
import { testConnection } from "#/operations/connections/test.ts";

export const POST = apiRoute(testConnectionContract, async ({ caller, params }) =>
  ok(await testConnection(caller, params)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
