import "server-only";
import type { Tenant } from "#/db/client.ts";
import { keepRefusedStart } from "#/operations/runs/refused-starts.ts";
import { type Started, type StartRequest, launchRun } from "#/operations/runs/launch.ts";

/** Starts a run for a trigger that nobody stands beside. A refusal is kept as a failed run, so that whoever set the trigger up sees it. */
export async function startUnattended(
  tenant: Tenant,
  request: StartRequest & { readonly idempotencyKey: string },
): Promise<Started & { readonly refusedRunId?: string }> {
  const started = await launchRun(tenant, request);
  if (started.ok || started.reason === "too-many-starts") return started;
  return { ...started, refusedRunId: await keepRefusedStart(tenant, request, started) };
}
