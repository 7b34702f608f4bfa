import { Client, Receiver } from "@upstash/qstash";
import * as v from "valibot";
import { env } from "#/lib/env.ts";

/** One message for a run: it asks for progress and carries no state. */
export interface QueuedWake {
  readonly workspaceId: string;
  readonly runId: string;
  /** Unique for every wake-up of the run; the real service keeps ids for much longer than it says, so none is used twice. */
  readonly wakes: number;
  readonly delayMs?: number | undefined;
  readonly lane: Lane;
}

/** Messages of one lane are delivered so many at a time, whatever waits in other lanes. */
interface Lane {
  readonly key: string;
  readonly parallelism: number;
}

const RUN_PATH = "/api/queue/run";
const TICK_PATH = "/api/queue/tick";
const TICK_SCHEDULE_ID = "cairn-tick";

/**
 * For infrastructure failures only: failures of a step are committed as data. The default (12 s, 2 min, 30 min …) would make a crash last.
 * 0.5, 1.5, 4.5, 13.5, 40.5 s: a killed worker's run continues within a second (bench/bars.ts), and an outage of a minute is outlived.
 */
const RETRIES = 5;
const RETRY_DELAY = "min(60000, 500 * pow(3, retried))";

/** Waits beyond this are left to the sweeper: the free plan refuses delays over 7 days. */
const LONGEST_DELAY_MS = 6 * 24 * 3_600_000;

/** The most one batch may hold, well below the size limit of a request. */
const BATCH = 100;

let client: Client | undefined;
let receiver: Receiver | undefined;

function queue(): Client {
  const { qstash } = env();
  client ??= new Client({
    baseUrl: qstash.url,
    token: qstash.token,
    retry: { retries: 2, backoff: (tried) => 50 * 2 ** tried },
    enableTelemetry: false,
    ...(qstash.protectionBypass && { headers: { "x-vercel-protection-bypass": qstash.protectionBypass } }),
  });
  return client;
}

/** Sends wake-ups. @throws when the queue does not take them. */
export async function sendWakeUps(wakes: readonly QueuedWake[]): Promise<void> {
  const messages = wakes.filter((wake) => (wake.delayMs ?? 0) <= LONGEST_DELAY_MS).map(toMessage);
  for (let start = 0; start < messages.length; start += BATCH) {
    const answers = await queue().batchJSON(messages.slice(start, start + BATCH));
    const refused = v.parse(Answers, answers).find(({ error }) => error !== undefined);
    if (refused) throw new Error(`The queue refused a message: ${refused.error}`);
  }
}

/** Each message of a batch is taken or refused by itself, which the client passes on without a word. */
const Answers = v.array(v.object({ error: v.optional(v.string()) }));

function toMessage({ workspaceId, runId, wakes, lane, delayMs = 0 }: QueuedWake) {
  return {
    url: env().appUrl + RUN_PATH,
    body: { workspaceId, runId },
    // The real service refuses ":" in these.
    deduplicationId: `${runId}_${wakes}`,
    retries: RETRIES,
    retryDelay: RETRY_DELAY,
    flowControl: lane,
    ...(delayMs > 0 && { delay: Math.ceil(delayMs / 1000) }),
  };
}

/** Makes sure that the one schedule which fires users' schedules and sweeps owed wake-ups exists. Safe to repeat. */
export async function ensureTickSchedule(cron = "* * * * *"): Promise<void> {
  await queue().schedules.create({
    scheduleId: TICK_SCHEDULE_ID,
    destination: env().appUrl + TICK_PATH,
    cron,
    body: "{}",
    headers: { "content-type": "application/json" },
    retries: 0,
  });
}

/**
 * Returns whether a request really comes from the queue and was meant for this path. The expected address is built from configuration and not
 * from the request: behind a proxy they differ, and a valid message for another endpoint must not pass.
 */
export async function isFromQueue(request: {
  readonly signature: string;
  readonly body: string;
  readonly path: string;
}): Promise<boolean> {
  const { qstash, appUrl } = env();
  receiver ??= new Receiver({
    currentSigningKey: qstash.currentSigningKey,
    nextSigningKey: qstash.nextSigningKey,
  });
  try {
    return await receiver.verify({
      signature: request.signature,
      body: request.body,
      url: appUrl + request.path,
      clockTolerance: 5,
    });
  } catch {
    return false;
  }
}
