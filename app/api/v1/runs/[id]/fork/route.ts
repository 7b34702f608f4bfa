import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted } from "#/lib/http/reply.ts";
import { forkRunContract } from "#/operations/runs/contract.ts";
import { forkRun } from "#/operations/runs/fork.ts";

export const POST = apiRoute(forkRunContract, async ({ caller, params, body, idempotencyKey }) =>
  accepted(await forkRun(caller, { ...params, ...body, idempotencyKey })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
