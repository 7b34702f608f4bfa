import { DETOURS, stateChannel, type StepNode, type Update } from "#/agents/steps/node.ts";
import { parseDuration } from "#/agents/definition/format/duration.ts";
import type { PlanStep } from "#/agents/definition/plan/plan.ts";
import { stateReadBy } from "#/agents/definition/plan/state-reads.ts";
import type { RunError } from "#/agents/engine/run.ts";
import { evaluate } from "#/agents/definition/expression/expression.ts";
import { RETRY_DEFAULTS, type RetryPolicy } from "#/agents/engine/failure.ts";
import { typeOf } from "#/agents/steps/table.ts";

/** For a step whose type says nothing else. */
const TIMEOUT_DEFAULT_MS = 10_000;
const SHORTEST_TIMEOUT_MS = 1000;

/** Retry, time limit, error policy and destination of a step, with the defaults filled in. */
export function resolvePolicies(id: string, step: PlanStep): Omit<StepNode, "kind" | "run"> {
  return {
    step: id,
    keyOf: () => id,
    reads: () => stateReadBy(step),
    retry: resolveRetry(step),
    timeoutMs: resolveTimeout(step),
    ...(typeOf(step).policy.timesOthers === true && { timeLimitMs: readTimeLimit(step) }),
    onFailure: (error) => failureUpdate(id, step, error),
  };
}

/** The state key that the value of a step goes to. */
export const saveKeyOf = (id: string, step: PlanStep): string => step.save ?? id;

function failureUpdate(id: string, step: PlanStep, error: RunError): Update | undefined {
  const policy = step.onError;
  if (policy === undefined || policy === "fail") return undefined;
  const key = saveKeyOf(id, step);
  if ("goto" in policy) return { ...valueUpdate(key, { error }), [DETOURS]: { [id]: policy.goto } };
  return valueUpdate(key, policy.continue);
}

/** In a loop, a step that failed once and went its detour goes the usual way the next time. */
export function withoutDetour(id: string, step: PlanStep, update: Update): Update {
  return typeof step.onError === "object" && "goto" in step.onError
    ? { ...update, [DETOURS]: { [id]: null } }
    : update;
}

/** The time-out of an approval is about people; the step itself only asks. */
const readTimeLimit = ({ timeout }: PlanStep): number | undefined =>
  typeof timeout === "string" ? parseDuration(timeout) : undefined;

function resolveTimeout(step: PlanStep): number {
  const limitMs = readTimeLimit(step);
  if (limitMs !== undefined) return Math.max(SHORTEST_TIMEOUT_MS, limitMs);
  return typeOf(step).policy.timeoutMs ?? TIMEOUT_DEFAULT_MS;
}

function resolveRetry(step: PlanStep): RetryPolicy {
  const defaults = RETRY_DEFAULTS[typeOf(step).policy.effect(step)];
  if (!step.retry) return defaults;
  return {
    // A condition is about repeating: one try would make it void.
    attempts:
      step.retry.attempts ??
      (step.retry.if === undefined ? defaults.attempts : Math.max(defaults.attempts, 3)),
    firstDelayMs:
      step.retry.backoff === undefined
        ? Math.max(defaults.firstDelayMs, 1000)
        : parseDuration(step.retry.backoff),
    ...(step.retry.if !== undefined && { retries: whenTrue(step.retry.if) }),
  };
}

/** A condition that cannot be evaluated is not true. */
function whenTrue(condition: string): NonNullable<RetryPolicy["retries"]> {
  return ({ code, message, retryable }, attempt) => {
    try {
      return evaluate(condition, { error: { code, message, retryable }, attempt }) === true;
    } catch {
      return false;
    }
  };
}

export function valueUpdate(saveTo: string, value: unknown): Update {
  return { [stateChannel(saveTo)]: value ?? null };
}
