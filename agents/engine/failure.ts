import type { ToolEffect } from "#/agents/vocabulary/tool.ts";
import { backoffMs } from "#/agents/engine/backoff.ts";

/** The retries of a step; what the definition leaves out comes from the defaults of its kind. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly firstDelayMs: number;
  /** The author's own word on which failures are tried again; without it, those that may pass by themselves. */
  readonly retries?: (failure: StepFailure, attempt: number) => boolean;
}

/** Model calls and reads are safe to repeat. Of writes only those that certainly did nothing are (agents/steps/side-effect.ts). */
export const RETRY_DEFAULTS: Readonly<Record<"model" | "pure" | ToolEffect, RetryPolicy>> = {
  model: { attempts: 4, firstDelayMs: 1000 },
  read: { attempts: 3, firstDelayMs: 1000 },
  idempotent: { attempts: 3, firstDelayMs: 1000 },
  write: { attempts: 3, firstDelayMs: 1000 },
  pure: { attempts: 1, firstDelayMs: 0 },
};

export interface StepFailure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** The other side said when to come back (Retry-After). */
  readonly retryAfterMs?: number | undefined;
}

export type FailureDecision =
  | { readonly kind: "retry"; readonly afterMs: number }
  | { readonly kind: "give-up" };

interface FailedTry {
  /** From 1. */
  readonly attempt: number;
  /** A number in [0, 1). */
  readonly spread: number;
}

/** Counted, not timed: these come out the same at every try, whatever the author says of retries. */
const NEVER_AGAIN: ReadonlySet<string> = new Set([
  "too-much-work",
  "turn-limit",
  "round-limit",
  "cost-limit",
]);

/** Decides whether a failed try is followed by another one, and after how long. */
export function decideFailure(
  failure: StepFailure,
  policy: RetryPolicy,
  { attempt, spread }: FailedTry,
): FailureDecision {
  if (NEVER_AGAIN.has(failure.code)) return { kind: "give-up" };
  const isWorthIt = policy.retries ? policy.retries(failure, attempt) : failure.retryable;
  if (!isWorthIt || attempt >= policy.attempts) return { kind: "give-up" };
  return {
    kind: "retry",
    afterMs: Math.max(failure.retryAfterMs ?? 0, backoffMs(attempt, policy.firstDelayMs, spread)),
  };
}
