import "server-only";
import type { Tenant } from "#/db/client.ts";
import type { Owed } from "#/db/run-lifecycle.ts";
import { getRun, type Run } from "#/db/runs.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import { wake } from "#/operations/execution/wake.ts";

type Changed = (
  | { readonly kind: "done" }
  | { readonly kind: "not-found" }
  | { readonly kind: "wrong-status"; readonly status: string }
) & { readonly owed?: readonly Owed[] };

/** Wakes the runs that a change has made due and returns the changed run, or why it could not be changed. @param rule when the change is possible */
export async function showChanged(
  tenant: Tenant,
  { id, changed, rule }: { readonly id: string; readonly changed: Changed; readonly rule: string },
): Promise<Run | Refusal> {
  const { workspaceId } = tenant;
  const owed = changed.owed ?? [];
  if (owed.length > 0) await wake(owed.map((wakeUp) => Object.assign({ workspaceId }, wakeUp)));
  if (changed.kind === "wrong-status")
    return refuse("wrong-status", `This run is ${changed.status}. ${rule}`);
  const run = changed.kind === "done" ? await getRun(tenant, id) : undefined;
  return run ?? notFound("run");
}
