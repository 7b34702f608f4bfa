import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted } from "#/lib/http/reply.ts";
import { startRunsContract } from "#/operations/runs/contract.ts";
import { startRuns } from "#/operations/runs/start-batch.ts";

export const maxDuration = 75;

export const POST = apiRoute(startRunsContract, async ({ caller, params, body, newId }) => {
  const started = await startRuns(caller, { ...params, ...body, batch: newId });
  return "refused" in started ? started : accepted(started);
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
