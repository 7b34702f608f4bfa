import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted } from "#/lib/http/reply.ts";
import { startRunsContract } from "#/operations/batches/contract.ts";
import { startRuns } from "#/operations/batches/start.ts";

export const maxDuration = 75;

export const POST = apiRoute(startRunsContract, async ({ caller, params, body, newId }) => {
  const started = await startRuns(caller, { ...params, ...body, batch: newId });
  return "refused" in started ? started : accepted(started);
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
