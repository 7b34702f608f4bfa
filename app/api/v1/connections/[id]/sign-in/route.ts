import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { signInToConnectionContract } from "#/operations/connections/contract.ts";
import { signInToConnection } from "#/operations/connections/sign-in.ts";

export const POST = apiRoute(signInToConnectionContract, async ({ caller, params }) =>
  ok(await signInToConnection(caller, params)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
