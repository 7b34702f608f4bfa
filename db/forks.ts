import { PRIORITIES, type Priority, type RunStatus } from "#/agents/vocabulary/run.ts";
import { sql } from "kysely";
import * as v from "valibot";
import type { QueryBuilder, Tenant, TenantTransaction } from "#/db/client.ts";
import { json } from "#/db/tables.ts";
import type { LogKind, LogStatus } from "#/agents/vocabulary/log-line.ts";
import type { WorkflowKind } from "#/agents/vocabulary/workflow.ts";

/** A run that continues from where another one stood. */
export interface NewFork {
  readonly id: string;
  readonly origin: string;
  /** The superstep it continues from; null: from the newest checkpoint, and branches that were done stay done. */
  readonly superstep: number | null;
  /** Begins anew, with the same input or another. */
  readonly fresh: boolean;
  /** By channel: the JSON text that it has instead. */
  readonly state: Readonly<Record<string, string>>;
  /** True if results that the origin has paid for are taken over where the same is asked. */
  readonly reuses: boolean;
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly input?: Readonly<Record<string, unknown>> | undefined;
  readonly versionId?: string | undefined;
  readonly version?: number | null | undefined;
  readonly agentType?: string | undefined;
  /** The definition that is the fork's own, under the id `versionId`; stored with it, or not at all. */
  readonly edited?: EditedVersion | undefined;
  /** The milliseconds it may take, waiting included. */
  readonly timeoutMs?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  /** What is made from a try is one, unless this says otherwise. */
  readonly isTry?: boolean | undefined;
}

const Forked = v.union([
  v.object({ refused: v.picklist(["not-found", "no-checkpoint", "incomplete"]) }),
  v.object({ refused: v.literal("child"), parentId: v.string() }),
  v.object({ runId: v.string(), wakes: v.number(), priority: v.picklist(PRIORITIES) }),
]);
export type Forked = v.InferOutput<typeof Forked>;

/** Stores a fork, which is owed its first wake-up from then on. */
export async function insertFork(tenant: Tenant, { edited, ...fork }: NewFork): Promise<Forked> {
  return tenant.transaction(async (trx) => {
    if (edited) await storingUnnumbered(trx, tenant, edited).execute();
    const { rows } = await sql<{
      answer: unknown;
    }>`select app.fork_run(${tenant.workspaceId}, ${json(fork)}::jsonb) as answer`.execute(trx);
    const forked = v.parse(Forked, rows[0]?.answer);
    // Refused, or the same request again: no run has it.
    if (edited && !("runId" in forked && forked.runId === fork.id)) await dropUnused(trx, edited.id);
    return forked;
  });
}

async function dropUnused(trx: TenantTransaction, versionId: string): Promise<void> {
  await trx
    .deleteFrom("workflow_versions")
    .where("id", "=", versionId)
    .where("version", "is", null)
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom("agent_sessions").select("id").where("workflow_version_id", "=", versionId)),
      ),
    )
    .execute();
}

/** The start of a run and the times of its steps, by which a fork is decided. */
export interface Origin {
  readonly status: RunStatus;
  readonly workflowId: string;
  readonly version: number | null;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly priority: Priority;
  readonly input: Readonly<Record<string, unknown>>;
  /** Oldest first. */
  readonly log: readonly {
    readonly step: string;
    readonly superstep: number;
    readonly kind: LogKind;
    readonly status: LogStatus;
    readonly taskId: string;
  }[];
}

/** @returns undefined when there is no such run of a workflow */
export async function readOrigin(tenant: Tenant, runId: string): Promise<Origin | undefined> {
  const [runs, log] = await tenant.batch((query) => [
    query
      .selectFrom("agent_sessions as r")
      .innerJoin("workflow_versions as v", "v.id", "r.workflow_version_id")
      .select([
        "r.status",
        "r.workflow_id as workflowId",
        "r.version",
        "r.priority",
        "r.input",
        "v.definition",
      ])
      .where("r.id", "=", runId),
    query
      .selectFrom("agent_logs")
      .select(["step", "superstep", "kind", "status", "task_id as taskId"])
      .where("session_id", "=", runId)
      .orderBy("seq"),
  ]);
  const [run] = runs;
  return run?.workflowId ? { ...run, workflowId: run.workflowId, log } : undefined;
}

export interface EditedVersion {
  readonly id: string;
  readonly workflowId: string;
  readonly kind: WorkflowKind;
  readonly definition: unknown;
  /** As it was written. */
  readonly source: string;
}

/** The query that stores a definition which belongs to single runs: no number, so that nobody else finds it. Once for each id. */
export function storingUnnumbered(
  query: QueryBuilder,
  { workspaceId, userId }: Tenant,
  version: EditedVersion,
) {
  const { id, workflowId, kind, definition, source } = version;
  return query
    .insertInto("workflow_versions")
    .values({
      workspace_id: workspaceId,
      id,
      workflow_id: workflowId,
      version: null,
      kind,
      definition: json(definition),
      source,
      created_by: userId ?? null,
    })
    .onConflict((conflict) => conflict.columns(["workspace_id", "id"]).doNothing());
}
