import { startRun } from "#/operations/runs/start-run.ts";
import { apiRoute, idOf } from "#/app/api/doors.ts";
import { runUrl, startRefusal } from "#/operations/runs/started.ts";
import { startRunContract } from "#/operations/runs/contract.ts";
import { waitForEnd } from "#/app/api/v1/runs/wait.ts";
import { getRun } from "#/db/runs.ts";
import type { Principal } from "#/lib/auth/principal.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted, ok } from "#/lib/http/reply.ts";

export const maxDuration = 75;

export const POST = apiRoute(
  startRunContract,
  async ({ tenant, principal, params, query, body, idempotencyKey, request }) => {
    const started = await startRun(tenant, {
      workflowId: params.id,
      version: body.version,
      input: body.input,
      priority: body.priority,
      trigger: triggerOf(principal),
      // Callers' keys live beside those of webhooks and schedules, and mean one workflow each.
      idempotencyKey: idempotencyKey === undefined ? undefined : `call-${params.id}-${idempotencyKey}`,
    });
    if (!started.ok) return startRefusal(started);
    const { runId } = started;
    const ended =
      query.wait > 0
        ? await waitForEnd(() => getRun(tenant, runId), query.wait * 1_000, request.signal)
        : undefined;
    if (ended) return ok(ended);
    return accepted({ id: runId, status: started.status, url: runUrl(runId) });
  },
);

function triggerOf(principal: Principal) {
  return { kind: principal.kind === "key" ? "api" : "manual", by: idOf(principal) } as const;
}

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
