import { type PaceLimits, readPaceLimits } from "#/agents/engine/limits.ts";
import type { WorkflowKind } from "#/agents/vocabulary/workflow.ts";
import type { Tenant } from "#/db/client.ts";
import { storingUnnumbered } from "#/db/forks.ts";
import { type InsertedRun, type NewRun, storing } from "#/db/run-lifecycle.ts";

/** A run of a draft, with the draft as it would be published. Both have one id. */
export interface NewTry extends NewRun {
  readonly workflowId: string;
  readonly kind: WorkflowKind;
  readonly definition: unknown;
  readonly source: string;
}

/** Stores a try with its definition, or neither. The same id gives the same run. */
export async function insertTry(tenant: Tenant, one: NewTry): Promise<InsertedRun> {
  const { id, workflowId, kind, definition, source } = one;
  const [, inserted, existing] = await tenant.batch((query) => [
    storingUnnumbered(query, tenant, { id, workflowId, kind, definition, source }),
    storing(query, tenant, { ...one, versionId: id, version: null, isTry: true }),
    query.selectFrom("agent_sessions").select(["id", "status", "wakes", "priority"]).where("id", "=", id),
  ]);
  const run = inserted[0] ?? existing[0];
  if (!run) throw new Error(`Try ${id} was neither stored nor found.`);
  return { ...run, repeated: inserted.length === 0 };
}

/** Reads how many runs a workflow may start and have at a time. Undefined when there is no such workflow. */
export async function readWorkflowPace(tenant: Tenant, workflowId: string): Promise<PaceLimits | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("workflows")
      .select("limits")
      .where("id", "=", workflowId)
      .where("archived_at", "is", null),
  ]);
  return rows[0] && readPaceLimits(rows[0].limits);
}
