import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { parseDuration } from "#/local/qstash/duration.ts";
import { Refusal } from "#/local/qstash/refusal.ts";
import { evaluateRetryDelay } from "#/local/qstash/retry-delay.ts";

const text = v.optional(v.string());
const number = v.optional(v.number());
const headers = v.record(v.string(), v.string());
const callback = v.optional(v.object({ url: v.string(), headers }));

/** The part of a message that the store keeps beside its body and its place in time. */
export const MessageMeta = v.object({
  id: v.string(),
  url: v.string(),
  method: v.string(),
  /** Forwarded to the destination. */
  headers,
  contentType: text,
  createdAt: v.number(),
  maxRetries: v.number(),
  /** Expression for the delay before a retry. */
  retryDelay: text,
  timeoutMs: number,
  /** Told about every attempt. */
  callback,
  /** Told when the message is given up. */
  failureCallback: callback,
  flow: v.optional(v.object({ key: v.string(), parallelism: number, rate: number, periodMs: number })),
  labels: v.array(v.string()),
  queue: text,
  topic: text,
  endpoint: text,
  scheduleId: text,
  callerIp: text,
});

export type Message = Readonly<v.InferOutput<typeof MessageMeta>> & {
  readonly body: Buffer;
  /** Epoch milliseconds of the next attempt. */
  readonly dueAt: number;
  /** Attempts that failed so far. */
  readonly retried: number;
};

export type Flow = NonNullable<Message["flow"]>;
export type Headers = Readonly<Record<string, string>>;
export type Destination = {
  readonly url: string;
  readonly topic?: string | undefined;
  readonly endpoint?: string | undefined;
};
export type Origin = {
  readonly queue?: string | undefined;
  readonly scheduleId?: string | undefined;
  readonly callerIp?: string | undefined;
};

const DEFAULT_RETRIES = 3;
const UNDERSTOOD =
  /^upstash-(?:method|delay|not-before|deduplication-id|content-based-deduplication|retries|retry-delay|timeout|flow-control-(?:key|value)|label|queue-name|schedule-id|cron|telemetry-.*|forward-.*|(?:failure-)?callback(?:-(?:method|retries|delay|timeout|forward-.*))?)$/;

/** Reads a message from the `Upstash-*` headers (names in lower case). @throws Refusal for malformed ones. */
export function readMessage(given: Headers, body: Buffer, to: Destination & Origin): Message {
  refuseUnknown(given);
  const now = Date.now();
  const retryDelay = given["upstash-retry-delay"];
  if (retryDelay !== undefined) evaluateRetryDelay(retryDelay, 0);
  return {
    id: newMessageId(),
    url: to.url,
    method: (given["upstash-method"] ?? "POST").toUpperCase(),
    headers: withPrefix(given, "upstash-forward-", ""),
    contentType: given["content-type"],
    createdAt: now,
    maxRetries: wholeNumber(given, "upstash-retries") ?? DEFAULT_RETRIES,
    retryDelay,
    timeoutMs: duration(given, "upstash-timeout"),
    callback: readCallback(given, "upstash-callback"),
    failureCallback: readCallback(given, "upstash-failure-callback"),
    flow: readFlow(given),
    labels: given["upstash-label"]?.split(",").map((label) => label.trim()) ?? [],
    queue: to.queue,
    topic: to.topic,
    endpoint: to.endpoint,
    scheduleId: to.scheduleId,
    callerIp: to.callerIp,
    body,
    dueAt: readDueAt(given, now),
    retried: 0,
  };
}

/** A header that is not understood would be ignored without a word: redaction, or the Workflow protocol, which this queue does not speak. */
function refuseUnknown(given: Headers): void {
  const unknown = Object.keys(given).find((name) => name.startsWith("upstash-") && !UNDERSTOOD.test(name));
  if (unknown !== undefined) throw new Refusal(400, `the local queue does not know the header ${unknown}`);
}

export function newMessageId(): string {
  return `msg_${randomUUID().replaceAll("-", "")}`;
}

function readDueAt(given: Headers, now: number): number {
  const notBefore = wholeNumber(given, "upstash-not-before");
  if (notBefore !== undefined) return notBefore * 1_000;
  return now + (duration(given, "upstash-delay") ?? 0);
}

function readCallback(given: Headers, name: string): Message["callback"] {
  const url = given[name];
  return url === undefined ? undefined : { url, headers: withPrefix(given, `${name}-`, "upstash-") };
}

function readFlow(given: Headers): Message["flow"] {
  const key = given["upstash-flow-control-key"];
  if (key === undefined) return undefined;
  const parts = (given["upstash-flow-control-value"] ?? "").split(",").map((part) => part.trim().split("="));
  const { parallelism, rate, period } = Object.fromEntries(parts);
  return {
    key,
    parallelism: positive("parallelism", parallelism),
    rate: positive("rate", rate),
    periodMs: period === undefined ? undefined : parseDuration(period),
  };
}

function positive(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(value))
    throw new Refusal(400, `flow control ${name} must be a positive number, not "${value}"`);
  return Number(value);
}

/** The headers that start with `prefix`, which is replaced. */
function withPrefix(given: Headers, prefix: string, replacement: string): Record<string, string> {
  const found = Object.entries(given).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, value]) => [replacement + name.slice(prefix.length), value]));
}

function wholeNumber(given: Headers, name: string): number | undefined {
  const value = given[name];
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) throw new Refusal(400, `${name} must be a whole number, not "${value}"`);
  return Number(value);
}

function duration(given: Headers, name: string): number | undefined {
  const value = given[name];
  return value === undefined ? undefined : parseDuration(value);
}
