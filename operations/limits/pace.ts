import { PaceLimits } from "#/agents/engine/limits.ts";
import type { Tenant } from "#/db/client.ts";
import { workspaceLimits } from "#/db/workspaces.ts";
import { cache } from "#/lib/cloud/cache.ts";

const paceOf = ({ workspaceId }: Tenant) => ({ kept: "pace", workspaceId, shape: PaceLimits }) as const;

/** Returns what the workspace may start and run at a time, as of some seconds ago: a wake-up must not cost a question. */
export function readPace(tenant: Tenant): Promise<PaceLimits> {
  return cache().read(paceOf(tenant), () => workspaceLimits(tenant));
}

/** Sees to it that the process has the workspace's limits: from KV, where a start asks for more at once, or from the database. */
export async function bringPace(tenant: Tenant): Promise<void> {
  const { value, keep } = await cache().look(paceOf(tenant));
  if (value === undefined) keep(await workspaceLimits(tenant));
}
