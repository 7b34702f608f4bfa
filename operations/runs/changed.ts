import type { Changed } from "#/operations/runs/change-run.ts";
import type { Tenant } from "#/db/client.ts";
import { getRun, type Run } from "#/db/runs.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";

/** Returns the run after a change, or why it could not be changed. @param rule when the change is possible */
export async function showChanged(
  tenant: Tenant,
  { runId, changed, rule }: { readonly runId: string; readonly changed: Changed; readonly rule: string },
): Promise<Run | Refusal> {
  if (changed.kind === "wrong-status")
    return refuse("wrong-status", `This run is ${changed.status}. ${rule}`);
  const run = changed.kind === "done" ? await getRun(tenant, runId) : undefined;
  return run ?? notFound("run");
}
