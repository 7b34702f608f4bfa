import type { Forking } from "#/operations/runs/fork.ts";
import { runUrl } from "#/operations/runs/started.ts";
import { notFound, type ProblemCode, refuse } from "#/lib/http/problem.ts";
import { accepted } from "#/lib/http/reply.ts";

const CODES: Readonly<Record<Extract<Forking, { ok: false }>["reason"], ProblemCode>> = {
  "not-found": "not-found",
  "wrong-status": "wrong-status",
  "no-such-step": "invalid-request",
  child: "wrong-status",
  "not-published": "not-published",
  "invalid-state": "invalid-request",
  "invalid-input": "invalid-input",
};

/** The run that was made from a run, or why none was. */
export function forkedAnswer(forking: Forking) {
  if (forking.ok)
    return accepted({ id: forking.runId, status: "queued" as const, url: runUrl(forking.runId) });
  if (forking.reason === "not-found") return notFound("run");
  if ("problems" in forking)
    return refuse(CODES[forking.reason], "Fix what is listed under “errors” and try again.", {
      errors: forking.problems,
    });
  return refuse(CODES[forking.reason], forking.detail);
}
