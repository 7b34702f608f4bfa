import { type RawBuilder, sql } from "kysely";
import * as v from "valibot";
import { type Budget, nameBudget, parseBudget, runOf } from "#/agents/engine/budget.ts";
import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import type { WakeUp } from "#/agents/runner/runner-ports.ts";
import { notBy } from "#/db/approvals.ts";
import { auditRow } from "#/db/audit.ts";
import type { Database, Tenant, TenantTransaction } from "#/db/client.ts";
import { Owed as OwedWakeUps } from "#/db/commits.ts";
import { type MissedBudget, missedBudgets, raiseMonthly } from "#/db/limits.ts";
import type { Owed } from "#/db/run-lifecycle.ts";
import { json } from "#/db/tables.ts";

export interface Decision {
  readonly approvalId: string;
  readonly action: string;
  readonly values?: unknown;
  readonly comment?: string | undefined;
  readonly by: Readonly<Record<string, unknown>>;
  /** Of the request that makes it; undefined where no request is repeated. */
  readonly decisionId?: string | undefined;
}

export interface OpenApproval {
  readonly runId: string;
  readonly status: string;
  readonly actions: readonly string[];
  readonly form: Readonly<Record<string, unknown>> | null;
  readonly subject: ApprovalSubject;
  /** Undefined for what is no question about a budget. */
  readonly budget: Budget | undefined;
  /** The people behind the run, if they may not decide; else none. */
  readonly notBy: readonly string[] | null;
}

/** Reads what is asked, for checking an answer before it is stored. */
export async function findApproval(tenant: Tenant, approvalId: string): Promise<OpenApproval | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("approvals as a")
      .innerJoin("agent_sessions as r", "r.id", "a.run_id")
      .select(["a.run_id as runId", "a.status", "a.actions", "a.form", "a.subject", "a.subject_id"])
      .select(notBy)
      .where("a.id", "=", approvalId),
  ]);
  const [row] = rows;
  if (!row) return undefined;
  const { subject_id: subjectId, ...approval } = row;
  return { ...approval, budget: approval.subject === "budget" ? parseBudget(subjectId) : undefined };
}

/** Returns whether an approval was decided by this very request, when it came before. */
export async function isDecidedBy(tenant: Tenant, approvalId: string, decisionId: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("approvals")
      .select("id")
      .where("id", "=", approvalId)
      .where("decision_id", "=", decisionId),
  ]);
  return rows.length > 0;
}

/** A stored decision: the wake-up that is owed to the run that asked, and those to others. */
interface StoredDecision extends Owed {
  readonly others: readonly Owed[];
  readonly budget: Budget | undefined;
}

/**
 * Stores a decision once, and tells everybody who waits for it: of a budget, all runs that it holds up. Who dies between the two leaves the telling to the tick.
 * @returns the wake-ups that are owed, or undefined when somebody else decided first
 */
export async function decide(
  tenant: Tenant,
  runId: string,
  decision: Decision,
): Promise<readonly Owed[] | undefined> {
  const stored = await storeDecision(tenant, runId, decision);
  if (!stored) return undefined;
  const { others, budget, ...owed } = stored;
  return [owed, ...others, ...(budget ? await answerBudget(tenant, nameBudget(budget)) : [])];
}

type SettleBudget = (tenant: Tenant, budget: string) => Promise<readonly Owed[]>;

/** Tells every run that waits for a budget what was decided about it. @returns the wake-ups that are owed */
const answerBudget: SettleBudget = (tenant, budget) =>
  settleBudget(tenant, sql`app.answer_budget(${tenant.workspaceId}, ${budget}, false)`);

/**
 * Takes back the question about a budget whose limit is another one now: every run that waits for it looks anew, and asks where it is still in the way.
 * @returns the wake-ups that are owed
 */
export const lookAnew: SettleBudget = (tenant, budget) =>
  settleBudget(tenant, sql`app.answer_budget(${tenant.workspaceId}, ${budget}, true)`);

/** Stops a run whose budget nobody has raised in time, with all that it has started. @returns the wake-ups that are owed */
const stopOverdue: SettleBudget = (tenant, budget) =>
  settleBudget(tenant, sql`app.stop_overdue(${tenant.workspaceId}, ${budget})`);

function settleBudget(tenant: Tenant, call: RawBuilder<unknown>): Promise<readonly Owed[]> {
  return tenant.transaction(async (trx) => {
    const { rows } = await sql<{ answer: unknown }>`select ${call} as answer`.execute(trx);
    return v.parse(OwedWakeUps, rows[0]?.answer);
  });
}

/**
 * Stores a decision once, and makes the run due in the same transaction. The run row is locked first: the commit that parks the run
 * does the same, so one of the two always sees the other and no wake-up is lost between them. A run above that is stopped at its budget
 * ends in this transaction too, with everything that it has started.
 * @returns the wake-ups that are owed, or undefined when somebody else decided first
 */
export function storeDecision(
  tenant: Tenant,
  runId: string,
  decision: Decision,
): Promise<StoredDecision | undefined> {
  return tenant.transaction(async (trx) => {
    const { rows } = await sql<{
      above: string | null;
    }>`select app.lock_asked(${tenant.workspaceId}, ${runId}, ${decision.approvalId}) as above`.execute(trx);
    const decided = await markDecided(trx, decision);
    if (!decided) return undefined;
    const budget = decided.subject === "budget" ? parseBudget(decided.subject_id) : undefined;
    await resolveWaits(trx, { runId, waitId: decided.wait_id, budget }, decision);
    if (budget && decision.action === "raise") await raise(trx, tenant, { budget, decision });
    const above = rows[0]?.above ?? null;
    const ended = above !== null && decision.action === "stop" ? await stop(trx, tenant, above) : [];
    return { ...(await makeDue(trx, runId)), others: ended, budget };
  });
}

function markDecided(
  trx: TenantTransaction,
  { approvalId, action, values, comment, by, decisionId }: Decision,
) {
  return trx
    .updateTable("approvals")
    .set({
      status: "decided",
      action,
      values: values === undefined ? null : json(values),
      comment: comment ?? null,
      decided_by: json(by),
      decision_id: decisionId ?? null,
      decided_at: sql`clock_timestamp()`,
    })
    .where("id", "=", approvalId)
    .where("status", "=", "open")
    .returning(["wait_id", "subject", "subject_id"])
    .executeTakeFirst();
}

/** Gives the answer to the wait that asked, and to other branches of the run that wait for the same budget. */
async function resolveWaits(
  trx: TenantTransaction,
  asked: { readonly runId: string; readonly waitId: string; readonly budget: Budget | undefined },
  { action, values, comment, by }: Decision,
): Promise<void> {
  const { runId, waitId, budget } = asked;
  await trx
    .updateTable("waits")
    .set({ status: "resolved", value: json({ action, values, comment, by }) })
    .where("run_id", "=", runId)
    .where((eb) =>
      eb.or([
        eb("id", "=", waitId),
        ...(budget ? [eb.and([eb("budget", "=", nameBudget(budget)), eb("status", "=", "open")])] : []),
      ]),
    )
    .execute();
}

async function stop(
  trx: TenantTransaction,
  { workspaceId }: Tenant,
  runId: string,
): Promise<readonly Owed[]> {
  const { rows } = await sql<{
    answer: unknown;
  }>`select app.stop_at_budget(${workspaceId}, ${runId}, 'Stopped at its budget.') as answer`.execute(trx);
  return v.parse(OwedWakeUps, rows[0]?.answer);
}

const Raised = v.object({ maxTokens: v.optional(v.number()), maxCostUsd: v.optional(v.number()) });

/**
 * Raises a month's limit, which is audited, or that of a run, which is locked: its calls must find the higher limit as soon as anybody is told of it.
 */
async function raise(
  trx: TenantTransaction,
  tenant: Tenant,
  { budget, decision: { by, values } }: { readonly budget: Budget; readonly decision: Decision },
): Promise<void> {
  const raised = v.parse(Raised, values);
  const to = raised[budget.limit];
  if (to === undefined) return;
  const { workspaceId } = tenant;
  if (budget.of === "run") {
    const limits = sql`app.raise_limits(${workspaceId}, ${budget.id ?? null}, ${json(raised)}::jsonb)`;
    await sql`select ${limits}`.execute(trx);
    return;
  }
  await raiseMonthly(trx, budget, to);
  const line = { actor: by, action: "limits.changed", targetId: budget.id ?? "" };
  await trx.insertInto("audit_log").values(auditRow(tenant, line)).execute();
}

/** A waiting run becomes due now. A run that is just being worked on needs nothing: its commit sees the answer. */
async function makeDue(trx: TenantTransaction, runId: string): Promise<Owed> {
  const row = await trx
    .updateTable("agent_sessions")
    .set((eb) => ({
      due_at: sql`clock_timestamp()`,
      woken_at: sql`clock_timestamp()`,
      wakes: eb("wakes", "+", 1),
    }))
    .where("id", "=", runId)
    .where("status", "=", "waiting")
    .returning(["wakes", "priority"])
    .executeTakeFirst();
  return { runId, wakes: row?.wakes ?? 0, priority: row?.priority ?? "normal" };
}

/**
 * Tells runs what was decided about the budget they wait for, where whoever decided could not, stops those about whose budget nobody has decided in
 * time, and lets those look anew that wait for a month that is over.
 * @param stopped is told of each run that was stopped with all that it has started
 * @returns the wake-ups that are owed
 */
export async function tellMissedBudgets(
  database: Database,
  limit: number,
  stopped?: (tenant: Tenant, runId: string) => void,
): Promise<readonly WakeUp[]> {
  const owed: WakeUp[] = [];
  for (const { workspaceId, budget, why } of await missedBudgets(database.system, limit)) {
    const tenant = database.tenant({ workspaceId });
    const wakeUps = await SETTLE[why](tenant, budget);
    const run = why === "overdue" ? runOf(parseBudget(budget)) : undefined;
    if (run !== undefined) stopped?.(tenant, run);
    owed.push(...wakeUps.map((wakeUp) => Object.assign({ workspaceId }, wakeUp)));
  }
  return owed;
}

const SETTLE: Readonly<Record<MissedBudget["why"], SettleBudget>> = {
  unasked: answerBudget,
  overdue: stopOverdue,
  past: lookAnew,
};
