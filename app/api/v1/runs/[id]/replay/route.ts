import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted } from "#/lib/http/reply.ts";
import { replayRunContract } from "#/operations/runs/contract.ts";
import { replayRun } from "#/operations/runs/replay.ts";

export const POST = apiRoute(replayRunContract, async ({ caller, params, body, idempotencyKey }) =>
  accepted(await replayRun(caller, { ...params, ...body, idempotencyKey })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
