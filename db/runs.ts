import { type Expression, sql, type SqlBool } from "kysely";
import type { RunLimits } from "#/agents/engine/budget.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import type { RunStatus } from "#/agents/vocabulary/run.ts";
import { given, isoTime, momentKey, type Page, type PageRequest, toPage } from "#/db/page.ts";
import { fits, type RunFilter } from "#/db/run-filter.ts";
import { SEARCH_BOUNDS, type SearchBounds, searchRuns } from "#/db/run-search.ts";
import type { WorkflowKind } from "#/agents/vocabulary/workflow.ts";
import type { JsonObject } from "#/lib/json-object.ts";

/** A run without what can be large. The contract says what each field means, and has the same fields: see contract.test.ts beside it. */
export type RunSummary = ReturnType<typeof toSummary>;
/** A run with its input, output and state. */
export type Run = ReturnType<typeof toRun>;
/** One line of a run's log. */
export type StepLog = ReturnType<typeof toStepLog>;

/** Runs of workflows, newest first. Internal runs, such as reading a document, are not listed, nor are items of maps but under their parent. */
export async function listRuns(
  tenant: Tenant,
  filter: RunFilter,
  bounds: SearchBounds = SEARCH_BOUNDS,
): Promise<Page<RunSummary>> {
  const { search } = filter;
  const rows = await (search === undefined
    ? readPage(tenant, filter)
    : searchRuns(
        tenant,
        { ...filter, search },
        { bounds, read: (found) => readPage(tenant, filter, found) },
      ));
  return toPage(rows, filter.limit, toSummary);
}

async function readPage(tenant: Tenant, filter: RunFilter, found?: Expression<SqlBool>) {
  // What a run has started is looked at while it happens, beside a log that is always new.
  const run = filter.parent === undefined ? tenant.read : tenant.batch;
  const [rows] = await run((query) => [
    summaries(query)
      .where("r.agent_type", "<>", "ingest")
      .where((eb) => fits(eb, filter))
      .where((eb) => eb.and(given(found, (it) => it)))
      .orderBy("r.created_at", "desc")
      .orderBy("r.id", "desc")
      .limit(filter.limit + 1),
  ]);
  return rows;
}

/** Reads what a run answers the caller of its webhook, and whether it has ended. */
export async function readResponse(
  tenant: Tenant,
  id: string,
): Promise<{ readonly status: RunStatus; readonly response: unknown } | undefined> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("agent_sessions").select(["status", "response"]).where("id", "=", id),
  ]);
  return rows[0];
}

/** One run of a workflow. */
export async function getRun(tenant: Tenant, id: string): Promise<Run | undefined> {
  const [rows] = await tenant.batch((query) => [wholeRun(query, id)]);
  return rows[0] && toRun(rows[0]);
}

export interface RunDefinition {
  /** Null when the definition was edited for this run alone. */
  readonly version: number | null;
  readonly kind: WorkflowKind;
  readonly definition: JsonObject;
  readonly source: string;
}

/** Reads what a run does: the version it was started with, or the definition that was edited for it. */
export async function getRunDefinition(tenant: Tenant, id: string): Promise<RunDefinition | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("agent_sessions as r")
      .innerJoin("workflow_versions as v", "v.id", "r.workflow_version_id")
      .select(["v.version", "v.kind", "v.definition", "v.source"])
      .where("r.id", "=", id),
  ]);
  return rows[0];
}

/** Lists what a run has done, oldest first; undefined when there is no such run. */
export async function listSteps(
  tenant: Tenant,
  runId: string,
  { limit, cursor }: PageRequest,
): Promise<Page<StepLog> | undefined> {
  const [runs, logs] = await tenant.batch((query) => [
    query
      .selectFrom("agent_sessions")
      .select("id")
      .where("id", "=", runId)
      .where("agent_type", "<>", "ingest"),
    logsAfter(query, { runId, seq: Number(cursor?.key ?? 0), limit: limit + 1 }),
  ]);
  if (runs.length === 0) return undefined;
  return toPage(logs, limit, toStepLog);
}

/**
 * A run with the lines of its log after `seq`: the durable half of following it. The run is read first: of one that has ended by then, every
 * line is there, while lines read first may lack those of a commit in between.
 */
export async function readProgress(
  tenant: Tenant,
  runId: string,
  page: { readonly seq: number; readonly limit: number },
) {
  const [runs, logs] = await tenant.batch((query) => [
    wholeRun(query, runId),
    logsAfter(query, { runId, ...page }),
  ]);
  return { run: runs[0] && toRun(runs[0]), steps: logs.map(toStepLog) };
}

/** Asked of runs that have ended alone: a run under way may come back to the question. One that was cancelled says itself whether a rejection did it. */
const isRejected = sql<boolean>`coalesce(case r.status
  when 'cancelled' then r.error ->> 'code' = 'rejected'
  when 'succeeded' then (select a.action = 'reject' from approvals a where a.workspace_id = r.workspace_id and a.run_id = r.id and a.subject = 'step' and a.decided_at is not null
    order by a.decided_at desc, a.id desc limit 1) end, false)`;

/** A run's question, or its summary. Runs from before summaries were kept are summed up as they are read. */
const summary = sql<string | null>`coalesce(
  case when r.waiting_on = 'approval' then (select a.title from approvals a
    where a.workspace_id = r.workspace_id and a.run_id = r.id and a.status = 'open' order by a.requested_at limit 1) end,
  r.summary, app.summarize_run(r.status, r.input, r.output, r.error))`;

/** Runs without what can be large, with the one line that sums each of them up. */
export function summaries(query: QueryBuilder) {
  return query
    .selectFrom("agent_sessions as r")
    .leftJoin("workflows as w", "w.id", "r.workflow_id")
    .select([
      "r.id",
      "r.workflow_id",
      "w.name as workflow_name",
      "r.version",
      "r.status",
      "r.waiting_on",
      "r.trigger",
      "r.error",
      "r.usage",
      "r.step",
    ])
    .select([isRejected.as("rejected"), summary.as("summary")])
    .select([
      "r.created_at",
      "r.started_at",
      "r.finished_at",
      "r.forked_from",
      "r.parent_id",
      "r.fragment",
      "r.child_index",
      "r.is_try",
      momentKey("r.created_at").as("cursorKey"),
    ]);
}

function wholeRun(query: QueryBuilder, id: string) {
  return summaries(query)
    .select(["r.input", "r.output", "r.state"])
    .select(sql<StoredAccount>`app.run_account(r.workspace_id, r.id)`.as("account"))
    .where("r.id", "=", id)
    .where("r.agent_type", "<>", "ingest");
}

function logsAfter(
  query: QueryBuilder,
  { runId, seq, limit }: { readonly runId: string; readonly seq: number; readonly limit: number },
) {
  return (
    query
      .selectFrom("agent_logs")
      .selectAll()
      .select(sql<string>`seq::text`.as("cursorKey"))
      .where("session_id", "=", runId)
      // Looks into one partition.
      .where("expires_on", "=", (eb) =>
        eb.selectFrom("agent_sessions").select("logs_expire_on").where("id", "=", runId),
      )
      .where("seq", ">", String(seq))
      .orderBy("seq")
      .limit(limit)
  );
}

type Rows<Query extends { readonly execute: () => Promise<unknown[]> }> = Awaited<
  ReturnType<Query["execute"]>
>[number];
type SummaryRow = Rows<ReturnType<typeof summaries>>;
type RunRow = Rows<ReturnType<typeof wholeRun>>;
type LogRow = Rows<ReturnType<typeof logsAfter>>;

export function toSummary(row: SummaryRow) {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    version: row.version,
    status: row.status,
    waitingOn: row.waiting_on,
    trigger: row.trigger,
    error: row.error,
    usage: row.usage,
    rejected: row.rejected,
    summary: row.summary,
    step: row.step,
    createdAt: isoTime(row.created_at),
    startedAt: isoTime(row.started_at),
    finishedAt: isoTime(row.finished_at),
    forkedFrom: row.forked_from,
    parentId: row.parent_id,
    try: row.is_try,
    part: row.fragment === null ? null : { step: row.fragment, index: row.child_index },
  };
}

function toRun(row: RunRow) {
  const { input, output, state } = row;
  return { ...toSummary(row), account: toAccount(row.account), input, output, state };
}

/** As app.run_account writes it. */
interface StoredAccount {
  readonly tokens: number;
  readonly costUsd: number;
  readonly asideTokens: number;
  readonly asideUsd: number;
  readonly limits: RunLimits;
}

function toAccount({ tokens, costUsd, asideTokens, asideUsd, limits }: StoredAccount) {
  const { maxTokens, maxCostUsd } = limits;
  return {
    spent: { tokens, costUsd },
    aside: { tokens: asideTokens, costUsd: asideUsd },
    limits: {
      ...(maxTokens !== undefined && { maxTokens }),
      ...(maxCostUsd !== undefined && { maxCostUsd }),
    },
  };
}

export function toStepLog(row: LogRow) {
  return {
    seq: Number(row.seq),
    step: row.step,
    kind: row.kind,
    status: row.status,
    taskId: row.task_id,
    superstep: row.superstep,
    attempt: row.attempt,
    input: row.input,
    output: row.output,
    error: row.error,
    startedAt: isoTime(row.started_at),
    durationMs: row.duration_ms,
    model: row.model,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    costUsd: row.cost_usd,
    reused: row.reused,
    at: isoTime(row.timestamp),
  };
}
