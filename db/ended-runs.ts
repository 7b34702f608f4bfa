import { sql } from "kysely";
import type { Tenant } from "#/db/client.ts";
import { runsBelow } from "#/db/families.ts";

/** A run as it was when it had ended. Times are epoch milliseconds. */
export interface EndedRun {
  readonly runId: string;
  readonly workflowId: string | null;
  readonly version: number | null;
  readonly name: string | null;
  readonly parentId: string | null;
  readonly forkedFrom: string | null;
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly status: string;
  /** Code of what ended it. */
  readonly code: string | null;
  readonly createdAt: number;
  readonly finishedAt: number;
  /** False for one that nobody has worked on. */
  readonly hasStarted: boolean;
}

/**
 * Reads a run that has ended, and those of a family that were cancelled because of it: when it ended, or later.
 * @param family the run whose family that is: the run itself, or its parent
 */
export async function readEndedWith(
  tenant: Tenant,
  runId: string,
  family: string,
): Promise<readonly EndedRun[]> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("agent_sessions as r")
      .leftJoin("workflow_versions as v", "v.id", "r.workflow_version_id")
      .select(["r.id as runId", "r.workflow_id as workflowId", "r.version", "r.parent_id as parentId"])
      .select(["r.forked_from as forkedFrom", "r.trigger", "r.status", "r.created_at", "r.finished_at"])
      .select(["r.started_at", sql<string | null>`v.definition ->> 'name'`.as("name")])
      .select(sql<string | null>`r.error ->> 'code'`.as("code"))
      .where("r.id", "in", runsBelow(query, family))
      .where("r.finished_at", ">=", (eb) =>
        eb.selectFrom("agent_sessions as e").select("e.finished_at").where("e.id", "=", runId),
      )
      .where((eb) => eb.or([eb("r.id", "=", runId), eb("r.status", "=", "cancelled")])),
  ]);
  return rows.map((row) => ({
    runId: row.runId,
    workflowId: row.workflowId,
    version: row.version,
    name: row.name,
    parentId: row.parentId,
    forkedFrom: row.forkedFrom,
    trigger: row.trigger as EndedRun["trigger"],
    status: row.status,
    code: row.code,
    createdAt: row.created_at.getTime(),
    finishedAt: row.finished_at?.getTime() ?? 0,
    hasStarted: row.started_at !== null,
  }));
}
