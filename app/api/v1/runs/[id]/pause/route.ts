import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { pauseRunContract } from "#/operations/runs/contract.ts";
import { pauseRun } from "#/operations/runs/pause.ts";

export const POST = apiRoute(pauseRunContract, async ({ caller, params }) =>
  ok(await pauseRun(caller, params)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
