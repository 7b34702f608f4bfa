import { APICallError, NoObjectGeneratedError } from "ai";
import { TooMuchWork } from "#/agents/definition/work.ts";
import type { RunError, RunStatus } from "#/agents/engine/run.ts";

interface StepErrorOptions {
  readonly retryable?: boolean;
  readonly retryAfterMs?: number | undefined;
  /** The status the run ends with when this error ends it. */
  readonly endsAs?: Extract<RunStatus, "failed" | "timed_out" | "cancelled">;
  readonly cause?: unknown;
}

/** A step failed in a way it understands: `code` is stable, the message says what happened and what can be done. */
export class StepError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly endsAs: Extract<RunStatus, "failed" | "timed_out" | "cancelled">;

  constructor(code: string, message: string, options: StepErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "StepError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.endsAs = options.endsAs ?? "failed";
  }

  toRunError(step: string): RunError {
    return { code: this.code, message: this.message, step };
  }
}

/** Gives every failure of a step a code, a text and an answer to "may it be tried again?". */
export function toStepError(error: unknown): StepError {
  if (error instanceof StepError) return error;
  if (error instanceof TooMuchWork) return new StepError(error.code, error.message, { cause: error });
  if (APICallError.isInstance(error)) return fromModelCall(error);
  if (NoObjectGeneratedError.isInstance(error)) {
    return new StepError("model-output", "The model's answer does not fit the output schema.", { retryable: true, cause: error });
  }
  if (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError")) {
    return new StepError("timeout", "The step took longer than its time limit. Raise `timeout`, or make the step smaller.", {
      retryable: true,
      endsAs: "timed_out",
      cause: error,
    });
  }
  return new StepError("step-failed", error instanceof Error ? error.message : String(error), { cause: error });
}

function fromModelCall(error: APICallError): StepError {
  const { statusCode } = error;
  const cause = { cause: error };
  if (statusCode === 401 || statusCode === 403) {
    return new StepError("model-refused-key", `The model endpoint refused the key (${statusCode}). Check LLM_API_KEY.`, cause);
  }
  if (statusCode === 404) {
    return new StepError("model-not-found", `The model endpoint does not know this model (404): ${error.message}`, cause);
  }
  if (statusCode === 429) {
    const retryAfterMs = retryAfterOf(error.responseHeaders);
    return new StepError("model-rate-limited", "The model endpoint is rate-limiting us (429).", { ...cause, retryable: true, retryAfterMs });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new StepError("model-refused", `The model endpoint refused the request (${statusCode}): ${error.message}`, cause);
  }
  const what = statusCode === undefined ? "could not be reached or broke off" : `answered ${statusCode}`;
  return new StepError("model-unavailable", `The model endpoint ${what}: ${error.message}`, { ...cause, retryable: true });
}

const LONGEST_RETRY_AFTER_MS = 15 * 60_000;

function retryAfterOf(headers: Record<string, string> | undefined): number | undefined {
  const seconds = Number(headers?.["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS) : undefined;
}
