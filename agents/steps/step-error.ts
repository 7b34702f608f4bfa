import { APICallError, NoObjectGeneratedError } from "ai";
import { TooMuchWork } from "#/agents/definition/work.ts";
import type { RunError } from "#/agents/engine/run.ts";
import type { UnsuccessfulStatus } from "#/agents/vocabulary/run.ts";
import { readModelFailure } from "#/agents/models/model-failure.ts";
import type { ModelUse } from "#/agents/steps/task.ts";

interface StepErrorOptions {
  readonly retryable?: boolean;
  readonly retryAfterMs?: number | undefined;
  /** The status the run ends with when this error ends it. */
  readonly endsAs?: UnsuccessfulStatus;
  readonly cause?: unknown;
  /** The usage of a model call that failed all the same. */
  readonly use?: ModelUse | undefined;
}

/** A step failed in a way it understands: `code` is stable, the message says what happened and what can be done. */
export class StepError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly endsAs: UnsuccessfulStatus;
  readonly use: ModelUse | undefined;

  constructor(code: string, message: string, options: StepErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "StepError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.endsAs = options.endsAs ?? "failed";
    this.use = options.use;
  }

  toRunError(step: string): RunError {
    return { code: this.code, message: this.message, step };
  }
}

/** Gives every failure of a step a code, a text and an answer to "may it be tried again?". */
export function toStepError(error: unknown): StepError {
  if (error instanceof StepError) return error;
  if (error instanceof TooMuchWork) return new StepError(error.code, error.message, { cause: error });
  if (APICallError.isInstance(error)) return fromModel(error);
  if (NoObjectGeneratedError.isInstance(error)) {
    return new StepError("model-output", "The model's answer does not fit the output schema.", {
      retryable: true,
      cause: error,
    });
  }
  if (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError")) {
    return new StepError(
      "timeout",
      "The step took longer than its time limit. Raise `timeout`, or make the step smaller.",
      {
        retryable: true,
        endsAs: "timed_out",
        cause: error,
      },
    );
  }
  return new StepError("step-failed", error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

/** A failure of a model call, or one that its stream reported. */
export function fromModel(error: unknown): StepError {
  const { code, message, retryable, retryAfterMs } = readModelFailure(error);
  return new StepError(code, message, { retryable, retryAfterMs, cause: error });
}

/** The same failure, with what it cost. */
export function withUse(failure: StepError, use: ModelUse): StepError {
  const { code, message, retryable, retryAfterMs, endsAs, cause } = failure;
  return new StepError(code, message, { retryable, retryAfterMs, endsAs, cause, use });
}
