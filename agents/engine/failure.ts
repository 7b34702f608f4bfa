import { backoffMs } from "#/agents/engine/backoff.ts";

/** How a step is retried; what the definition leaves out comes from the defaults of its kind. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly firstDelayMs: number;
}

/** Model calls and reads are safe to repeat; a write that ended ambiguously is not. */
export const RETRY_DEFAULTS: Readonly<Record<"model" | "read" | "write" | "pure", RetryPolicy>> = {
  model: { attempts: 4, firstDelayMs: 1000 },
  read: { attempts: 3, firstDelayMs: 1000 },
  write: { attempts: 1, firstDelayMs: 0 },
  pure: { attempts: 1, firstDelayMs: 0 },
};

export interface StepFailure {
  readonly retryable: boolean;
  /** The other side said when to come back (Retry-After). */
  readonly retryAfterMs?: number | undefined;
}

export type FailureDecision = { readonly kind: "retry"; readonly afterMs: number } | { readonly kind: "give-up" };

interface FailedTry {
  /** From 1. */
  readonly attempt: number;
  /** A number in [0, 1). */
  readonly spread: number;
}

/** Whether a failed try is followed by another one, and after how long. */
export function decideFailure(failure: StepFailure, policy: RetryPolicy, { attempt, spread }: FailedTry): FailureDecision {
  if (!failure.retryable || attempt >= policy.attempts) return { kind: "give-up" };
  return { kind: "retry", afterMs: Math.max(failure.retryAfterMs ?? 0, backoffMs(attempt, policy.firstDelayMs, spread)) };
}
