import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { responseHeaderProblem } from "#/agents/steps/respond/headers.ts";
import { isEnded } from "#/agents/vocabulary/run.ts";
import type { Tenant } from "#/db/client.ts";
import { readResponse } from "#/db/runs.ts";

/** Callers of webhooks give up after 30 seconds or so. */
const LONGEST_WAIT_MS = 25_000;
const FIRST_LOOK_MS = 25;
const LONGEST_PAUSE_MS = 400;

const StepResponse = v.object({
  status: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
  headers: v.record(v.string(), v.string()),
  body: v.unknown(),
});
export type StepResponse = v.InferOutput<typeof StepResponse>;

/** Answers that were stored before headers were looked at may hold some that cannot be sent. */
function sendable({ headers, ...response }: StepResponse): StepResponse {
  return {
    ...response,
    headers: Object.fromEntries(
      Object.entries(headers).filter(([name, value]) => responseHeaderProblem(name, value) === undefined),
    ),
  };
}

/** Waits for what a respond step of the run answers; undefined when the run ends without one or takes too long. */
export async function waitForResponse(
  tenant: Tenant,
  runId: string,
  signal: AbortSignal,
): Promise<StepResponse | undefined> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  for (
    let pauseMs = FIRST_LOOK_MS;
    Date.now() < deadline && !signal.aborted;
    pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)
  ) {
    await sleep(pauseMs);
    const run = await readResponse(tenant, runId);
    if (run?.response) return sendable(v.parse(StepResponse, run.response));
    if (!run || isEnded(run.status)) return undefined;
  }
  return undefined;
}
