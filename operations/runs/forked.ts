import type { Forking } from "#/operations/runs/fork-run.ts";
import { notFound, type ProblemCode, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { nameTrigger } from "#/operations/runs/caller-trigger.ts";
import { runUrl, type StartedRun } from "#/operations/runs/started.ts";

/** The run to make a run from. The same idempotency key again makes no other. */
export interface ForkedFrom {
  readonly id: string;
  readonly idempotencyKey: string | undefined;
}

/** Says what every verb that makes a run from a run is told: from which, who asks, and under which key. */
export function requestFork({ principal }: Caller, { id, idempotencyKey }: ForkedFrom) {
  return {
    runId: id,
    trigger: nameTrigger(principal),
    idempotencyKey: idempotencyKey === undefined ? undefined : `fork-${id}-${idempotencyKey}`,
  };
}

const CODES: Readonly<Record<Extract<Forking, { ok: false }>["reason"], ProblemCode>> = {
  "not-found": "not-found",
  "wrong-status": "wrong-status",
  "no-such-step": "invalid-request",
  child: "wrong-status",
  "not-published": "not-published",
  "invalid-state": "invalid-request",
  "invalid-input": "invalid-input",
};

/** Tells callers which run was made from a run, or why none was. */
export function showForked(forking: Forking): StartedRun | Refusal {
  if (forking.ok) return { id: forking.runId, status: "queued", url: runUrl(forking.runId) };
  if (forking.reason === "not-found") return notFound("run");
  if ("problems" in forking)
    return refuse(CODES[forking.reason], "See “errors” for what has to be mended.", {
      errors: forking.problems,
    });
  return refuse(CODES[forking.reason], forking.detail);
}
