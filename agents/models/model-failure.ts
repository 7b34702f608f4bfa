import { APICallError } from "ai";
import { isJsonObject } from "#/lib/json-object.ts";
import { NotConnected, OutboundRefused } from "#/lib/outbound.ts";
import { retryAfterMs } from "#/lib/retry-after.ts";

/** A provider's word on what went wrong, wherever it says it: in the body of an answer, in an event of a stream, in an error of the SDK. */
interface Complaint {
  readonly status: number | undefined;
  readonly reason: string;
  /** Its own names for the kind, in lower case, such as `insufficient_quota`. Empty where it only sends words. */
  readonly kind: string;
}

interface Verdict {
  readonly code: string;
  readonly text: (complaint: Complaint) => string;
  readonly retryable: boolean;
}

const LONGEST_REASON = 500;

const endSentence = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);

const RATE_LIMITED: Verdict = {
  code: "model-rate-limited",
  retryable: true,
  text: ({ reason }) => `The model endpoint is rate-limiting us (429): ${reason}`,
};

/**
 * The first line that fits decides. A kind is looked for before a status: providers answer 429 for an empty account and 400 for a crowded server.
 * Words are only trusted as whole phrases: the limits of a minute at OpenAI and Groq advertise their billing pages.
 */
const VERDICTS: readonly (readonly [fits: (complaint: Complaint) => boolean, verdict: Verdict])[] = [
  [isLimitOfTime, RATE_LIMITED],
  [
    refuses(
      /insufficient_(?:quota|credit|balance)|billing_|quota_exceeded|payment_required|exceeded your current quota|insufficient (?:quota|credit|balance|funds)|credit balance is too low|out of credits/,
    ),
    {
      code: "model-quota",
      retryable: false,
      text: ({ reason }) => `The account at the model endpoint is used up: ${reason}`,
    },
  ],
  [
    statusIs(402),
    {
      code: "model-quota",
      retryable: false,
      text: ({ reason }) => `The model endpoint wants to be paid first (402): ${reason}`,
    },
  ],
  [statusIs(429), RATE_LIMITED],
  [
    refuses(
      /context_length|context_window|string_above_max|too many (?:input )?tokens|maximum context|prompt is too long|input is too long|exceeds the maximum number of tokens/,
    ),
    {
      code: "model-context",
      retryable: false,
      text: ({ reason }) =>
        `The prompt is longer than the model can read: ${endSentence(reason)} Shorten it, or choose another model.`,
    },
  ],
  [
    refuses(/content_filter|content_policy|content policy|content management|safety|moderation/),
    {
      code: "model-filtered",
      retryable: false,
      text: ({ reason }) => `The provider filtered this request: ${reason}`,
    },
  ],
  [
    statusIs(401, 403),
    {
      code: "model-refused-key",
      retryable: false,
      text: ({ status, reason }) =>
        `The model endpoint refused the key (${status}): ${endSentence(reason)} An admin can enter another key of the connection under Settings, Connections (LLM_API_KEY for the installation's own endpoint); then retry the run.`,
    },
  ],
  [
    statusIs(404),
    {
      code: "model-not-found",
      retryable: false,
      text: ({ reason }) => `The model endpoint does not know this model (404): ${reason}`,
    },
  ],
  [
    says(/rate_limit|overloaded|slow_down/),
    {
      code: "model-rate-limited",
      retryable: true,
      text: ({ reason }) => `The model endpoint is overloaded: ${reason}`,
    },
  ],
  [
    statusIs(408, 409, 425),
    {
      code: "model-unavailable",
      retryable: true,
      text: ({ status, reason }) => `The model endpoint answered ${status}: ${reason}`,
    },
  ],
  [
    ({ status = 0 }) => status >= 400 && status < 500,
    {
      code: "model-refused",
      retryable: false,
      text: ({ status, reason }) => `The model endpoint refused the request (${status}): ${reason}`,
    },
  ],
  [
    says(/invalid_request|invalid_argument|unsupported/),
    {
      code: "model-refused",
      retryable: false,
      text: ({ reason }) => `The model endpoint refused the request: ${reason}`,
    },
  ],
  [
    ({ status = 0 }) => status >= 500,
    {
      code: "model-unavailable",
      retryable: true,
      text: ({ status, reason }) => `The model endpoint answered ${status}: ${reason}`,
    },
  ],
];
const BROKEN_OFF: Verdict = {
  code: "model-unavailable",
  retryable: true,
  text: ({ reason }) => `The model endpoint could not be reached or broke off: ${reason}`,
};

export interface ModelFailure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
}

/** Reads what a model call threw, or what its stream reported, as a failure that says whether it may be tried again. */
export function readModelFailure(error: unknown): ModelFailure {
  if (error instanceof OutboundRefused)
    return { code: "model-refused", message: error.message, retryable: false, retryAfterMs: undefined };
  const complaint = readComplaint(error);
  const verdict = VERDICTS.find(([fits]) => fits(complaint))?.[1] ?? BROKEN_OFF;
  return {
    code: verdict.code,
    message: verdict.text(complaint),
    retryable: verdict.retryable,
    retryAfterMs: APICallError.isInstance(error) ? readRetryAfter(error.responseHeaders) : undefined,
  };
}

/** Says whether the provider refused before it did anything that costs. */
export function isRefusedOutright(error: unknown): boolean {
  if (error instanceof OutboundRefused || error instanceof NotConnected) return true;
  if (!APICallError.isInstance(error)) return false;
  if (error.statusCode !== undefined) return error.statusCode >= 300;
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(`${error.message} ${String(error.cause)}`);
}

function readComplaint(error: unknown): Complaint {
  if (APICallError.isInstance(error)) {
    const { reason, kind } = told(parseBody(error.responseBody));
    return { status: error.statusCode, reason: shortened(reason || error.message), kind };
  }
  const { reason, kind, status } = told(error);
  return { status, reason: shortened(reason), kind };
}

/** Reads `{error: {message, type, code}}`, the error itself, or a text. */
function told(said: unknown): Complaint {
  if (said instanceof Error) return { status: undefined, reason: said.message, kind: "" };
  if (!isJsonObject(said))
    return { status: undefined, reason: typeof said === "string" ? said : "", kind: "" };
  if (said["error"] !== undefined) return told(said["error"]);
  const { message, type, code, status } = said;
  const names = [type, code, status].filter((name) => typeof name === "string").join(" ");
  const number = [status, code].find((one) => typeof one === "number" && one >= 400 && one < 600);
  return {
    status: typeof number === "number" ? number : undefined,
    reason: typeof message === "string" ? message : names,
    kind: names.toLowerCase(),
  };
}

function parseBody(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    // A page of a proxy says nothing that a person could use.
    return /^\s*</.test(text ?? "") ? "" : text;
  }
}

function shortened(reason: string): string {
  const line = reason.trim() || "it gave no reason.";
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line;
}

function says(pattern: RegExp): (complaint: Complaint) => boolean {
  return ({ kind, reason }) => pattern.test(`${kind} ${reason.toLowerCase()}`);
}

/** A server that broke has refused nothing, whatever part of it the text names. */
function refuses(pattern: RegExp): (complaint: Complaint) => boolean {
  const fits = says(pattern);
  return (complaint) => (complaint.status ?? 0) < 500 && fits(complaint);
}

/** Google uses the words of an empty account for a limit a minute too, but says when to come again. */
function isLimitOfTime({ status, kind, reason }: Complaint): boolean {
  return status === 429 && (kind.includes("rate_limit") || /(?:try again|retry) in \d/i.test(reason));
}

function statusIs(...statuses: readonly number[]): (complaint: Complaint) => boolean {
  return ({ status }) => status !== undefined && statuses.includes(status);
}

const LONGEST_RETRY_AFTER_MS = 15 * 60_000;

function readRetryAfter(headers: Record<string, string> | undefined): number | undefined {
  const waitMs = retryAfterMs(headers?.["retry-after"], Date.now());
  return waitMs === undefined ? undefined : Math.min(waitMs, LONGEST_RETRY_AFTER_MS);
}
