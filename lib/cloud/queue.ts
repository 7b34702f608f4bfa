import { setTimeout as sleep } from "node:timers/promises";
import { Client, Receiver } from "@upstash/qstash";
import * as v from "valibot";
import { type Answer, keptConnection } from "#/lib/cloud/kept-connection.ts";
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
 * 0.5, 1.5, 4.5, 13.5, 40.5 s: a killed worker's run goes on within a second (bench/bars.ts), and an outage of a minute is outlived.
 */
const RETRIES = 5;
const RETRY_DELAY = "min(60000, 500 * pow(3, retried))";

/** Waits beyond this are left to the sweeper: the free plan refuses delays over 7 days. */
const LONGEST_DELAY_MS = 6 * 24 * 3_600_000;

/** The most one batch may hold, well below the size limit of a request. */
const BATCH = 100;

/** Pauses before the queue is asked again when it could not be reached. What it took the first time it recognises by the deduplication id. */
const PAUSES_MS = [50, 100];

let connection: ReturnType<typeof keptConnection> | undefined;
let receiver: Receiver | undefined;

/** Sends wake-ups. @throws when the queue does not take them. */
export async function sendWakeUps(wakes: readonly QueuedWake[]): Promise<void> {
  const messages = wakes.filter((wake) => (wake.delayMs ?? 0) <= LONGEST_DELAY_MS).map(toMessage);
  for (let start = 0; start < messages.length; start += BATCH) await publish(messages.slice(start, start + BATCH));
}

/** As the client's own `batchJSON`, which is 0.6 ms of CPU dearer because of fetch and its copies of headers; it is done for every step. */
async function publish(messages: readonly Message[]): Promise<void> {
  const { url, token } = env().qstash;
  connection ??= keptConnection(url);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await withRetries(connection, { path: "/v2/batch", headers, body: JSON.stringify(messages) });
  const refusal = refusalIn(answer);
  if (refusal !== undefined) throw new Error(`The queue refused ${messages.length} message(s): ${refusal}`);
}

type Post = ReturnType<typeof keptConnection>;

async function withRetries(post: Post, request: Parameters<Post>[0]): Promise<Answer> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await post(request);
    } catch {
      await sleep(pauseMs);
    }
  }
  return post(request);
}

const Refusals = v.pipe(v.string(), v.parseJson(), v.array(v.object({ error: v.optional(v.string()) })));

/** Each message of a batch is taken or refused by itself. */
function refusalIn({ status, body }: Answer): string | undefined {
  if (status < 200 || status >= 300) return `${status} ${body}`;
  return v.parse(Refusals, body).find(({ error }) => error !== undefined)?.error;
}

interface Message {
  readonly destination: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function toMessage({ workspaceId, runId, wakes, lane, delayMs = 0 }: QueuedWake): Message {
  const { appUrl, qstash } = env();
  return {
    destination: appUrl + RUN_PATH,
    headers: {
      "upstash-method": "POST",
      "content-type": "application/json",
      // The real service refuses ":" in these.
      "upstash-deduplication-id": `${runId}_${wakes}`,
      "upstash-retries": String(RETRIES),
      "upstash-retry-delay": RETRY_DELAY,
      "upstash-flow-control-key": lane.key,
      "upstash-flow-control-value": `parallelism=${lane.parallelism}`,
      ...(delayMs > 0 && { "upstash-delay": `${Math.ceil(delayMs / 1000)}s` }),
      ...(qstash.protectionBypass && { "upstash-forward-x-vercel-protection-bypass": qstash.protectionBypass }),
    },
    body: JSON.stringify({ workspaceId, runId }),
  };
}

/** Makes sure that the one schedule which fires users' schedules and sweeps owed wake-ups exists. Safe to repeat. */
export async function ensureTickSchedule(cron = "* * * * *"): Promise<void> {
  const { url, token, protectionBypass } = env().qstash;
  const client = new Client({
    baseUrl: url,
    token,
    enableTelemetry: false,
    ...(protectionBypass && { headers: { "x-vercel-protection-bypass": protectionBypass } }),
  });
  await client.schedules.create({ scheduleId: TICK_SCHEDULE_ID, destination: env().appUrl + TICK_PATH, cron, body: "{}", headers: { "content-type": "application/json" }, retries: 0 });
}

/**
 * Whether a request really comes from the queue and was meant for this path. The expected address is built from configuration and not
 * from the request: behind a proxy they differ, and a valid message for another endpoint must not pass.
 */
export async function isFromQueue(request: { readonly signature: string; readonly body: string; readonly path: string }): Promise<boolean> {
  const { qstash, appUrl } = env();
  receiver ??= new Receiver({ currentSigningKey: qstash.currentSigningKey, nextSigningKey: qstash.nextSigningKey });
  try {
    return await receiver.verify({ signature: request.signature, body: request.body, url: appUrl + request.path, clockTolerance: 5 });
  } catch {
    return false;
  }
}
