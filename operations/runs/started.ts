import type { Started } from "#/operations/runs/launch.ts";
import type { RunStatus } from "#/agents/vocabulary/run.ts";
import { env } from "#/lib/env.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";

/** A run that has been started, and where to read it. */
export interface StartedRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly url: string;
}

/** Tells callers which run was started, or why none was. */
export function showStarted(started: Started): StartedRun | Refusal {
  if (!started.ok) return startRefusal(started);
  return { id: started.runId, status: started.status, url: runUrl(started.runId) };
}

/** Why a run was not started, as callers read it. */
export function startRefusal(started: Extract<Started, { readonly ok: false }>): Refusal {
  switch (started.reason) {
    case "not-found":
      return notFound("workflow or version");
    case "too-many-starts":
      return refuse(
        "rate-limited",
        `More runs were started within a minute than the limits of this workspace or workflow allow. Try again in ${started.retryAfterS} s.`,
        {
          headers: { "Retry-After": String(started.retryAfterS) },
        },
      );
    case "not-published":
      return refuse("not-published", "Publish a version of this workflow first.");
    case "invalid-input":
      return refuse("invalid-input", "The input does not fit the workflow's input schema; see “errors”.", {
        errors: started.problems,
      });
  }
}

/** Returns the address of a run. */
export function runUrl(runId: string): string {
  return `${env().appUrl}/api/v1/runs/${runId}`;
}
