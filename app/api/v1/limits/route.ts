import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { changeLimitsContract, getLimitsContract } from "#/operations/limits/contract.ts";
import { changeLimits } from "#/operations/limits/change.ts";
import { getLimits } from "#/operations/limits/get.ts";

export const GET = apiRoute(getLimitsContract, async ({ caller }) => ok(await getLimits(caller)));

export const PATCH = apiRoute(changeLimitsContract, async ({ caller, body }) =>
  ok(await changeLimits(caller, body)),
);

export const { POST, PUT, DELETE, OPTIONS } = otherMethods("GET", "PATCH");
