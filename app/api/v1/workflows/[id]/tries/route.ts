import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted } from "#/lib/http/reply.ts";
import { startTryContract } from "#/operations/tries/contract.ts";
import { startTry } from "#/operations/tries/start.ts";

export const POST = apiRoute(startTryContract, async ({ caller, params, body, newId }) =>
  accepted(await startTry(caller, { ...params, ...body, newId })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
