import { durationMs } from "#/local/qstash/duration.ts";
import type { Message } from "#/local/qstash/message.ts";
import { defaultRetryDelayMs, evaluateRetryDelay } from "#/local/qstash/retry-delay.ts";

/** The answer of a destination. Status 0: it could not be reached, and `body` says why. */
export type DeliveryResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string[]>>;
  readonly body: Buffer;
};

export type Outcome =
  | { readonly kind: "delivered" }
  | { readonly kind: "retry"; readonly message: Message }
  | { readonly kind: "dead" };

const LONGEST_RETRY_AFTER_MS = 86_400_000;
const RETRY_AFTER_HEADERS = [
  "retry-after",
  "x-ratelimit-reset",
  "x-ratelimit-reset-requests",
  "x-ratelimit-reset-tokens",
];

/** Decides what one attempt means for the message. */
export function decideOutcome(message: Message, response: DeliveryResponse, now: number): Outcome {
  if (isSuccess(response)) return { kind: "delivered" };
  if (message.retried >= message.maxRetries || saysNeverRetry(response)) return { kind: "dead" };
  const delayMs = askedDelayMs(response, now) ?? ownDelayMs(message);
  return { kind: "retry", message: { ...message, retried: message.retried + 1, dueAt: now + delayMs } };
}

export function isSuccess({ status }: DeliveryResponse): boolean {
  return status >= 200 && status < 300;
}

function saysNeverRetry({ status, headers }: DeliveryResponse): boolean {
  return status === 489 && headers["upstash-nonretryable-error"]?.[0] === "true";
}

function ownDelayMs({ retryDelay, retried }: Message): number {
  if (retryDelay === undefined) return defaultRetryDelayMs(retried);
  try {
    return evaluateRetryDelay(retryDelay, retried);
  } catch {
    // It was checked for the first retry; `1 / (1 - retried)` is a number there and none at the next one.
    return defaultRetryDelayMs(retried);
  }
}

/** The wait that the destination asked for by header, if it is sane. */
function askedDelayMs({ headers }: DeliveryResponse, now: number): number | undefined {
  const asked = RETRY_AFTER_HEADERS.map((name) => headers[name]?.[0]).filter((value) => value !== undefined);
  return asked
    .map((value) => readDelayMs(value, now))
    .find((delayMs) => delayMs >= 0 && delayMs <= LONGEST_RETRY_AFTER_MS);
}

/** Seconds, a duration such as "1m30s", or a date. NaN for anything else. */
function readDelayMs(value: string, now: number): number {
  return durationMs(value) ?? Date.parse(value) - now;
}
