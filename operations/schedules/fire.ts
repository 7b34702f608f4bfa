import "server-only";
import type { Tenant } from "#/db/client.ts";
import { claimFire, readFire } from "#/db/schedules.ts";
import { log } from "#/lib/observe/log.ts";
import { startUnattended } from "#/operations/runs/start-unattended.ts";

/** Starts the run first and moves the schedule on afterwards: a crash in between repeats, and the idempotency key makes the repetition harmless. */
export async function fireSchedule(tenant: Tenant, scheduleId: string): Promise<boolean> {
  const fire = await readFire(tenant, scheduleId);
  if (!fire) return false;
  const { workflowId, input, priority, fireAt, idempotencyKey } = fire;
  const trigger = { kind: "schedule", scheduleId, fireAt: fireAt.toISOString() } as const;
  const started = await startUnattended(tenant, { workflowId, input, priority, trigger, idempotencyKey });
  // It stays due: the next tick tries again.
  if (!started.ok && started.reason === "too-many-starts") return false;
  if (!started.ok)
    log.warn(
      { workspaceId: tenant.workspaceId, scheduleId, reason: started.reason, runId: started.refusedRunId },
      "A schedule fired, but its workflow cannot be started.",
    );
  return claimFire(tenant, scheduleId, fireAt);
}
