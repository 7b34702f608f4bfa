import "server-only";
import type { Tenant } from "#/db/client.ts";
import { type Owed, storeCancel, storePause, storeResume } from "#/db/run-lifecycle.ts";
import type { Actor } from "#/operations/actor.ts";
import { wake } from "#/operations/execution/wake.ts";

export type Changed =
  | { readonly kind: "done" }
  | { readonly kind: "not-found" }
  | { readonly kind: "wrong-status"; readonly status: string };

/** Ends a run now. A step under way may finish, but nothing of it is kept. */
export async function cancelRun(tenant: Tenant, runId: string, by: Actor): Promise<Changed> {
  return wakeOthers(tenant, await storeCancel(tenant, runId, `Cancelled by ${by.name ?? by.kind}.`));
}

/** Holds a run, and all that it has started, until it is resumed. A step at work finishes first. */
export function pauseRun(tenant: Tenant, runId: string): Promise<Changed> {
  return storePause(tenant, runId);
}

/** Lets a paused run go on, with all that it has started. */
export async function resumeRun(tenant: Tenant, runId: string): Promise<Changed> {
  return wakeOthers(tenant, await storeResume(tenant, runId));
}

async function wakeOthers(
  { workspaceId }: Tenant,
  changed: Changed & { readonly owed?: readonly Owed[] },
): Promise<Changed> {
  const owed = changed.owed ?? [];
  if (owed.length > 0) await wake(owed.map((wakeUp) => Object.assign({ workspaceId }, wakeUp)));
  return changed;
}
