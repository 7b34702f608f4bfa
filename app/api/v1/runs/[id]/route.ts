import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { getRunContract } from "#/operations/runs/contract.ts";
import { getRun } from "#/operations/runs/get.ts";

export const GET = apiRoute(getRunContract, async ({ caller, params }) => ok(await getRun(caller, params)));

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
