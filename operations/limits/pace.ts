import type { PaceLimits } from "#/agents/engine/limits.ts";
import type { Tenant } from "#/db/client.ts";
import { workspaceLimits } from "#/db/workspaces.ts";
import { Memory } from "#/lib/memory.ts";

/** The limits of workspaces, as of some seconds ago: a wake-up must not cost a question. */
const paces = new Memory<PaceLimits>({ keptMs: 15_000, most: 10_000 });

/** Forgets what this process knows of a workspace's limits: they have changed. */
export function forgetPace({ workspaceId }: Tenant): void {
  paces.delete(workspaceId);
}

/** Returns what the workspace may start and run at a time, as of at most 15 seconds ago. */
export async function readPace(tenant: Tenant): Promise<PaceLimits> {
  const known = paces.get(tenant.workspaceId);
  if (known) return known;
  const limits = await workspaceLimits(tenant);
  paces.set(tenant.workspaceId, limits);
  return limits;
}
