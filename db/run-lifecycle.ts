import { type RawBuilder, sql, type SqlBool } from "kysely";
import * as v from "valibot";
import { type PaceLimits, readPaceLimits } from "#/agents/engine/limits.ts";
import type { Priority, RunStatus } from "#/agents/vocabulary/run.ts";
import type { QueryBuilder, System, Tenant } from "#/db/client.ts";
import { Owed as OwedWakeUps } from "#/db/commits.ts";
import { json } from "#/db/tables.ts";

export interface NewRun {
  readonly id: string;
  readonly agentType: string;
  readonly workflowId: string | null;
  readonly versionId: string | null;
  readonly version: number | null;
  readonly input: Readonly<Record<string, unknown>>;
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: string | undefined;
  readonly priority?: Priority | undefined;
  /** The milliseconds it may take, waiting included. */
  readonly timeoutMs?: number | undefined;
  /** It tries a draft: nothing is counted by it but what it costs. */
  readonly isTry?: boolean | undefined;
}

export interface InsertedRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly wakes: number;
  readonly priority: Priority;
  /** The idempotency key was used before: this is the run it started. */
  readonly repeated: boolean;
}

/** Stores a new run, which is owed its first wake-up from then on. The same idempotency key gives the same run. */
export async function insertRun(tenant: Tenant, run: NewRun): Promise<InsertedRun> {
  const stored = await storeOnce(tenant, run);
  if (!stored) throw new Error(`Run ${run.id} was neither stored nor found by its idempotency key.`);
  return stored;
}

/** Stores a new run as `insertRun` does, if the condition holds at that moment. @returns undefined when it does not */
export function insertRunIf(
  tenant: Tenant,
  condition: Condition,
  run: NewRun,
): Promise<InsertedRun | undefined> {
  return storeOnce(tenant, { ...run, onlyIf: condition });
}

async function storeOnce(
  tenant: Tenant,
  run: NewRun & { readonly onlyIf?: Condition },
): Promise<InsertedRun | undefined> {
  const { idempotencyKey } = run;
  const [inserted, existing = []] = await tenant.batch((query) => [
    storing(query, tenant, run),
    ...(idempotencyKey === undefined
      ? []
      : [
          query
            .selectFrom("agent_sessions")
            .select(["id", "status", "wakes", "priority"])
            .where("idempotency_key", "=", idempotencyKey),
        ]),
  ]);
  const row = inserted[0] ?? existing[0];
  return row && { ...row, repeated: inserted.length === 0 };
}

/** The condition that must hold at the moment when a run is stored: its version is the published one, or its workflow is at least not archived. */
type Condition = "published" | "not-archived";

/**
 * The query that stores a run, unless its idempotency key was used before or its condition does not hold. The mark of a try is written where there is
 * one: the schema before does not have its column.
 */
export function storing(
  query: QueryBuilder,
  { workspaceId }: Tenant,
  run: NewRun & { readonly onlyIf?: Condition },
) {
  return query
    .insertInto("agent_sessions")
    .columns([
      "workspace_id",
      "id",
      "agent_type",
      "status",
      "workflow_id",
      "workflow_version_id",
      "version",
      "input",
      "trigger",
      "idempotency_key",
      "priority",
      "deadline_at",
      ...(run.isTry === true ? (["is_try"] as const) : []),
    ])
    .expression(
      query
        .selectNoFrom([
          sql<string>`${workspaceId}::uuid`.as("workspace_id"),
          sql<string>`${run.id}::uuid`.as("id"),
          sql<string>`${run.agentType}::text`.as("agent_type"),
          sql<RunStatus>`'queued'`.as("status"),
          sql<string | null>`${run.workflowId}::uuid`.as("workflow_id"),
          sql<string | null>`${run.versionId}::uuid`.as("workflow_version_id"),
          sql<number | null>`${run.version}::integer`.as("version"),
          sql<string>`${json(run.input)}::jsonb`.as("input"),
          sql<string>`${json(run.trigger)}::jsonb`.as("trigger"),
          sql<string | null>`${run.idempotencyKey ?? null}::text`.as("idempotency_key"),
          sql<Priority>`${run.priority ?? "normal"}::text`.as("priority"),
          sql<Date | null>`clock_timestamp() + ${run.timeoutMs ?? null}::double precision * interval '1 millisecond'`.as(
            "deadline_at",
          ),
          ...(run.isTry === true ? [sql<boolean>`true`.as("is_try")] : []),
        ])
        .where(holds(run)),
    )
    .onConflict((conflict) => conflict.columns(["workspace_id", "idempotency_key"]).doNothing())
    .returning(["id", "status", "wakes", "priority"]);
}

function holds({
  onlyIf,
  workflowId,
  version,
}: NewRun & { readonly onlyIf?: Condition }): RawBuilder<SqlBool> {
  if (onlyIf === undefined) return sql`true`;
  const current = sql`select from workflows w where w.id = ${workflowId} and w.archived_at is null`;
  return onlyIf === "published"
    ? sql`exists (${current} and w.published_version = ${version})`
    : sql`exists (${current})`;
}

export interface RunVersion {
  readonly versionId: string;
  readonly version: number;
  readonly kind: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly limits: PaceLimits;
}

/** The version that a new run gets: the given one, else the published one. */
export async function versionToRun(
  tenant: Tenant,
  workflowId: string,
  version: number | undefined,
): Promise<"not-found" | "not-published" | RunVersion> {
  const [workflows, versions] = await tenant.batch((query) => [
    query.selectFrom("workflows").select("id").where("id", "=", workflowId).where("archived_at", "is", null),
    query
      .selectFrom("workflow_versions as v")
      .innerJoin("workflows as w", "w.id", "v.workflow_id")
      .select(["v.id as versionId", "v.version", "v.kind", "v.definition", "w.limits"])
      .where("v.workflow_id", "=", workflowId)
      .where("w.archived_at", "is", null)
      .where("v.version", "=", version === undefined ? sql<number>`w.published_version` : version),
  ]);
  if (workflows.length === 0) return "not-found";
  const [found] = versions;
  if (!found || found.version === null) return version === undefined ? "not-published" : "not-found";
  return { ...found, version: found.version, limits: readPaceLimits(found.limits) };
}

/** A wake-up that is owed to a run. */
export interface Owed {
  readonly runId: string;
  readonly wakes: number;
  readonly priority: Priority;
  readonly delayMs?: number | undefined;
}

export type ChangeResult<Extra = unknown> =
  | ({ readonly kind: "done" } & Extra)
  | { readonly kind: "not-found" }
  | { readonly kind: "wrong-status"; readonly status: string };

const Ended = v.nullable(v.object({ status: v.optional(v.string()), others: v.optional(OwedWakeUps, []) }));

/**
 * Ends a run at once, with all that it has started. The epoch moves on, so whoever works on it writes nothing more; a run that waits for it
 * learns of it.
 * @returns the wake-ups that are owed
 */
export async function storeCancel(
  tenant: Tenant,
  runId: string,
  reason: string,
): Promise<ChangeResult<{ readonly owed: readonly Owed[] }>> {
  return tenant.transaction(async (trx) => {
    const { rows } = await sql<{
      answer: unknown;
    }>`select app.cancel_run(${tenant.workspaceId}, ${runId}, ${reason}) as answer`.execute(trx);
    const answer = v.parse(Ended, rows[0]?.answer ?? null);
    if (!answer) return { kind: "not-found" };
    return answer.status === undefined
      ? { kind: "done", owed: answer.others }
      : { kind: "wrong-status", status: answer.status };
  });
}

/** Holds a run, and all that it has started, until it is resumed. A step at work finishes first. */
export async function storePause(tenant: Tenant, runId: string): Promise<ChangeResult> {
  return tenant.transaction(async (trx) => {
    const { rows } = await sql<{
      status: string | null;
    }>`select app.pause_run(${tenant.workspaceId}, ${runId}) as status`.execute(trx);
    const status = rows[0]?.status ?? null;
    if (status === null) return { kind: "not-found" };
    return PAUSABLE.has(status) ? { kind: "done" } : { kind: "wrong-status", status };
  });
}

const PAUSABLE: ReadonlySet<string> = new Set(["queued", "running", "retrying", "waiting"]);

/** Lets a paused run continue. @returns the wake-ups that are owed */
export async function storeResume(
  tenant: Tenant,
  runId: string,
): Promise<ChangeResult<{ readonly owed: readonly Owed[] }>> {
  return tenant.transaction(async (trx) => {
    const { rows } = await sql<{
      answer: unknown;
    }>`select app.resume_run(${tenant.workspaceId}, ${runId}) as answer`.execute(trx);
    const answer = v.parse(Ended, rows[0]?.answer ?? null);
    if (!answer) return { kind: "not-found" };
    const isResumed = answer.status === "paused" || answer.status === "running";
    return isResumed
      ? { kind: "done", owed: answer.others }
      : { kind: "wrong-status", status: answer.status ?? "" };
  });
}

export interface SweptRun extends Owed {
  readonly workspaceId: string;
}

/**
 * Runs of all workspaces that are owed a wake-up for longer than the grace, or whose holder died. Marks them as woken, so that the
 * next sweep leaves them alone for a while.
 */
export function sweepRuns(system: System, graceMs: number, limit: number): Promise<readonly SweptRun[]> {
  return system.transaction(async (trx) => {
    const { rows } = await sql<{
      workspace_id: string;
      id: string;
      wakes: number;
      priority: Priority;
    }>`select * from app.sweep_runs(${graceMs}, ${limit})`.execute(trx);
    return rows.map((row) => ({
      workspaceId: row.workspace_id,
      runId: row.id,
      wakes: row.wakes,
      priority: row.priority,
    }));
  });
}
