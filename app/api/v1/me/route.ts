import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { meContract } from "#/operations/me/contract.ts";
import { me } from "#/operations/me/get.ts";

export const GET = apiRoute(meContract, async ({ caller }) => ok(await me(caller)));

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
