import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted, ok } from "#/lib/http/reply.ts";
import { startRunContract } from "#/operations/runs/contract.ts";
import { startRun } from "#/operations/runs/start.ts";

export const maxDuration = 75;

export const POST = apiRoute(
  startRunContract,
  async ({ caller, params, query, body, idempotencyKey, request: { signal } }) => {
    const run = await startRun(caller, { ...params, ...query, ...body, idempotencyKey, signal });
    if ("refused" in run) return run;
    return "ended" in run ? ok(run.ended) : accepted(run.started);
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
