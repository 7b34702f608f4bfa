import { sql, type SqlBool } from "kysely";
import { BUDGET_LIMITS, nameBudget } from "#/agents/engine/budget.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { given, isoTime, isOlder, momentKey, type Page, type PageRequest, toPage } from "#/db/page.ts";
import { runsBelow } from "#/db/families.ts";
import type { DecidedBy } from "#/db/tables.ts";
import type { ApprovalStatus, ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import type { JsonObject } from "#/lib/json-object.ts";

export interface Approval {
  readonly id: string;
  readonly runId: string;
  readonly workflowId: string | null;
  readonly workflowName: string | null;
  readonly step: string;
  readonly subject: ApprovalSubject;
  readonly title: string;
  readonly description: string | null;
  readonly shown: unknown;
  readonly actions: readonly string[];
  readonly form: JsonObject | null;
  readonly status: ApprovalStatus;
  readonly action: string | null;
  readonly values: unknown;
  readonly comment: string | null;
  readonly decidedBy: DecidedBy | null;
  /** Its run is a try of a draft, or was started by one. */
  readonly try: boolean;
  readonly requestedAt: string;
  readonly dueAt: string | null;
  readonly decidedAt: string | null;
}

export interface ApprovalFilter extends PageRequest {
  readonly status?: ApprovalStatus | undefined;
  /** Only those of this run, what is asked about a budget that holds it up included. */
  readonly run?: string | undefined;
  /** Only those of this run and of all that it has started. */
  readonly family?: string | undefined;
}

/** Approvals, newest first: what is decided by when it was, everything else by when it was asked. */
export async function listApprovals(
  tenant: Tenant,
  { limit, cursor, status, run, family }: ApprovalFilter,
): Promise<Page<Approval>> {
  const moment = status === "decided" ? "a.decided_at" : "a.requested_at";
  const [rows] = await tenant.batch((query) => [
    approvals(query, moment)
      .where((eb) =>
        eb.and([
          ...given(status, (it) => eb("a.status", "=", it)),
          ...given(run, (it) => eb("a.id", "in", questionsOf(query, it))),
          ...given(family, (it) => eb("a.run_id", "in", runsBelow(query, it))),
          ...given(cursor, (it) => isOlder({ moment, id: "a.id" }, it)),
        ]),
      )
      .orderBy(moment, "desc")
      .orderBy("a.id", "desc")
      .limit(limit + 1),
  ]);
  return toPage(rows, limit, toApproval);
}

/** The questions of a run: its own, and those about a budget, whoever of all that wait for it has asked, that hold it up or are about its own limits. */
function questionsOf(query: QueryBuilder, runId: string) {
  const limits = BUDGET_LIMITS.map((limit) => nameBudget({ of: "run", id: runId, limit }));
  return query
    .selectFrom("approvals as own")
    .select("own.id")
    .where("own.run_id", "=", runId)
    .unionAll(
      query
        .selectFrom("approvals as shared")
        .select("shared.id")
        .where("shared.status", "=", "open")
        .where("shared.subject", "=", "budget")
        .where(sql<SqlBool>`shared.subject_id like '%:%'`)
        .where((eb) =>
          eb.or([
            eb("shared.subject_id", "in", limits),
            eb(
              "shared.subject_id",
              "in",
              eb
                .selectFrom("waits as w")
                .select(sql<string>`w.budget`.as("budget"))
                .where("w.run_id", "=", runId)
                .where("w.status", "=", "open")
                .where("w.budget", "is not", null),
            ),
          ]),
        ),
    );
}

export async function getApproval(tenant: Tenant, id: string): Promise<Approval | undefined> {
  const [rows] = await tenant.batch((query) => [approvals(query).where("a.id", "=", id)]);
  return rows[0] && toApproval(rows[0]);
}

/** The people who may not decide: those behind the run, where somebody else has to. Null where everybody may. */
export const notBy = sql<string[] | null>`case when not a.self_approval then app.people_behind(r.id) end`.as(
  "notBy",
);

/** Approvals with the workflow that each is asked by. */
export function approvals(query: QueryBuilder, moment: "a.requested_at" | "a.decided_at" = "a.requested_at") {
  return query
    .selectFrom("approvals as a")
    .innerJoin("agent_sessions as r", "r.id", "a.run_id")
    .leftJoin("workflows as w", "w.id", "r.workflow_id")
    .selectAll("a")
    .select(["r.workflow_id", "r.is_try", "w.name as workflow_name", momentKey(moment).as("cursorKey")]);
}

type ApprovalRow = Awaited<ReturnType<ReturnType<typeof approvals>["execute"]>>[number];

export function toApproval(row: ApprovalRow): Approval {
  return {
    id: row.id,
    runId: row.run_id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    try: row.is_try,
    step: row.step,
    subject: row.subject,
    title: row.title,
    description: row.description,
    shown: row.shown,
    actions: row.actions,
    form: row.form,
    status: row.status,
    action: row.action,
    values: row.values,
    comment: row.comment,
    decidedBy: row.decided_by,
    requestedAt: isoTime(row.requested_at),
    dueAt: isoTime(row.due_at),
    decidedAt: isoTime(row.decided_at),
  };
}
