import { sql } from "kysely";
import type { Priority } from "#/agents/vocabulary/run.ts";
import type { RunError } from "#/agents/engine/run.ts";
import type { Tenant } from "#/db/client.ts";
import { json } from "#/db/tables.ts";
import type { WorkflowKind } from "#/agents/vocabulary/workflow.ts";
import type { JsonObject } from "#/lib/json-object.ts";

export interface RefusedRun {
  readonly id: string;
  readonly workflowId: string;
  /** The version that would have run; undefined where none is published. */
  readonly version:
    | { readonly versionId: string; readonly version: number; readonly kind: WorkflowKind }
    | undefined;
  readonly input: JsonObject;
  readonly trigger: JsonObject;
  readonly priority: Priority | undefined;
  readonly error: RunError;
  /** One refusal is kept for it, however often the start is tried. */
  readonly idempotencyKey: string;
}

/** Stores a run that could not start, as a failed one. @returns its id; that of the earlier one when the same start was refused before */
export async function insertRefusedRun(tenant: Tenant, run: RefusedRun): Promise<string> {
  const [inserted, existing] = await tenant.batch((query) => [
    query
      .insertInto("agent_sessions")
      .values({
        workspace_id: tenant.workspaceId,
        id: run.id,
        // A run without a version has no kind of its own, and the column wants one.
        agent_type: run.version?.kind ?? "graph",
        status: "failed",
        workflow_id: run.workflowId,
        workflow_version_id: run.version?.versionId ?? null,
        version: run.version?.version ?? null,
        input: json(run.input),
        trigger: json(run.trigger),
        idempotency_key: run.idempotencyKey,
        priority: run.priority ?? "normal",
        error: json(run.error),
        finished_at: sql<Date>`clock_timestamp()`,
      })
      .onConflict((conflict) => conflict.columns(["workspace_id", "idempotency_key"]).doNothing())
      .returning("id"),
    query.selectFrom("agent_sessions").select("id").where("idempotency_key", "=", run.idempotencyKey),
  ]);
  const row = inserted[0] ?? existing[0];
  if (!row) throw new Error(`Refused run ${run.id} was neither stored nor found by its idempotency key.`);
  return row.id;
}
