import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { getVersionContract } from "#/operations/workflows/contract.ts";
import { getVersion } from "#/operations/workflows/get-version.ts";

export const GET = apiRoute(getVersionContract, async ({ caller, params }) =>
  ok(await getVersion(caller, params)),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
