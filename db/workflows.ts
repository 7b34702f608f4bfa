import { hasWords } from "#/db/words.ts";
import { sql } from "kysely";
import { sqlMeaning } from "#/lib/sql-state.ts";
import type { DraftCheck } from "#/agents/definition/check/draft-check.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { given, isoTime, isOlder, momentKey, type Page, type PageRequest, toPage } from "#/db/page.ts";
import { json } from "#/db/tables.ts";
import { WORKFLOW_KINDS, type WorkflowKind } from "#/agents/vocabulary/workflow.ts";
import type { JsonObject } from "#/lib/json-object.ts";

export interface WorkflowSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly kind: WorkflowKind | null;
  readonly publishedVersion: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Workflow extends WorkflowSummary {
  /** The draft as it was parsed, null when its text could not be, and the text itself. */
  readonly draft: unknown;
  readonly draftText: string;
  /** The findings of a check of the draft, if it is stored. */
  readonly draftCheck: unknown;
  /** The number of changes of the draft. */
  readonly revision: number;
  /** JSON Schema of the published version's input. */
  readonly inputSchema: JsonObject | null;
}

/** A draft may be anything: it is checked when it is published. */
export interface Draft {
  readonly document: unknown;
  readonly text: string;
  readonly check: DraftCheck;
}

interface WorkflowsRequest extends PageRequest {
  /** Of the name, in whatever case. */
  readonly search?: string | undefined;
}

/** Workflows that are not archived, the last changed first. */
export async function listWorkflows(
  tenant: Tenant,
  { limit, cursor, search }: WorkflowsRequest,
): Promise<Page<WorkflowSummary>> {
  const [rows] = await tenant.read((query) => [
    summaries(query)
      .where((eb) =>
        eb.and([
          ...given(cursor, (it) => isOlder({ moment: "w.updated_at", id: "w.id" }, it)),
          ...given(search, (words) => hasWords("w.name", words)),
        ]),
      )
      .orderBy("w.updated_at", "desc")
      .orderBy("w.id", "desc")
      .limit(limit + 1),
  ]);
  return toPage(rows, limit, toSummary);
}

/** One workflow with its draft; undefined when it does not exist or is archived. */
export async function getWorkflow(tenant: Tenant, id: string): Promise<Workflow | undefined> {
  const [rows] = await tenant.batch((query) => [
    summaries(query)
      .leftJoin("workflow_versions as v", (join) =>
        join.onRef("v.workflow_id", "=", "w.id").onRef("v.version", "=", "w.published_version"),
      )
      .select([
        "w.draft",
        "w.draft_text",
        "w.draft_check",
        "w.revision",
        sql<JsonObject | null>`v.definition -> 'input'`.as("input_schema"),
      ])
      .where("w.id", "=", id),
  ]);
  const row = rows[0];
  return (
    row && {
      ...toSummary(row),
      draft: row.draft,
      draftText: row.draft_text,
      draftCheck: row.draft_check,
      revision: row.revision,
      inputSchema: row.input_schema,
    }
  );
}

/** Stores a workflow, once for each id, under a name that no other has. */
export async function createWorkflow(
  tenant: Tenant,
  workflow: { readonly id: string; readonly name: string; readonly draft: Draft },
): Promise<"done" | "name-taken"> {
  const { id, name, draft } = workflow;
  const [stored, before] = await tenant.batch((query) => [
    query
      .insertInto("workflows")
      .values({
        workspace_id: tenant.workspaceId,
        id,
        name,
        draft: json(draft.document ?? null),
        draft_text: draft.text,
        draft_check: json(draft.check),
        created_by: tenant.userId ?? null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("id"),
    query.selectFrom("workflows").select("id").where("id", "=", id),
  ]);
  return stored.length + before.length > 0 ? "done" : "name-taken";
}

/** Counts the workflows that have each of the names. */
export async function countNames(
  tenant: Tenant,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("workflows")
      .select((eb) => ["name", eb.fn.countAll<string>().as("count")])
      .where("name", "in", names)
      .where("archived_at", "is", null)
      .groupBy("name"),
  ]);
  return new Map(rows.map(({ name, count }) => [name, Number(count)]));
}

/** Returns those of the ids that workflows of the workspace have, archived ones left out. */
export async function existingWorkflows(
  tenant: Tenant,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("workflows")
      .select("id")
      .where("id", "in", [...ids])
      .where("archived_at", "is", null),
  ]);
  return new Set(rows.map(({ id }) => id));
}

export interface WorkflowChange {
  readonly name?: string | undefined;
  readonly draft?: Draft | undefined;
  /** The revision that the draft was made from. With another one nothing is changed. */
  readonly revision?: number | undefined;
}

export type WorkflowChanged = "done" | "not-found" | "draft-changed" | "name-taken";

/** Changes what is given, unless the draft has been changed by somebody else since `revision`, or another workflow has the name. */
export async function updateWorkflow(
  tenant: Tenant,
  id: string,
  change: WorkflowChange,
): Promise<WorkflowChanged> {
  try {
    return await changeWorkflow(tenant, id, change);
  } catch (error) {
    if (sqlMeaning(error) === "taken") return "name-taken";
    throw error;
  }
}

async function changeWorkflow(
  tenant: Tenant,
  id: string,
  { name, draft, revision }: WorkflowChange,
): Promise<WorkflowChanged> {
  const [changed, found] = await tenant.batch((query) => [
    query
      .updateTable("workflows")
      .set((eb) => ({
        updated_at: sql`clock_timestamp()`,
        // Its own name may stay as it is, also one that it shares; a new one is its own.
        ...(name !== undefined && { name, shares_name: sql<boolean>`shares_name and name = ${name}` }),
        ...(draft && {
          draft: json(draft.document ?? null),
          draft_text: draft.text,
          draft_check: json(draft.check),
          revision: eb("revision", "+", 1),
        }),
      }))
      .where("id", "=", id)
      .where("archived_at", "is", null)
      .where((eb) => eb.and(given(revision, (it) => eb("revision", "=", it))))
      .returning("id"),
    query.selectFrom("workflows").select("id").where("id", "=", id).where("archived_at", "is", null),
  ]);
  if (changed.length > 0) return "done";
  return found.length > 0 ? "draft-changed" : "not-found";
}

/** Stores what a check of the draft has found, unless the draft has been changed meanwhile. */
export async function storeDraftCheck(
  tenant: Tenant,
  id: string,
  { revision, check }: { readonly revision: number; readonly check: DraftCheck },
): Promise<void> {
  await tenant.batch((query) => [
    query
      .updateTable("workflows")
      .set({ draft_check: json(check) })
      .where("id", "=", id)
      .where("revision", "=", revision),
  ]);
}

/** A workflow in the archive starts nothing more: its schedules and webhooks are switched off. @returns whether there is such a workflow */
export async function archiveWorkflow(tenant: Tenant, id: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query
      .updateTable("workflows")
      .set({ archived_at: sql`clock_timestamp()` })
      .where("id", "=", id)
      .where("archived_at", "is", null)
      .returning("id"),
    query.updateTable("schedules").set({ enabled: false }).where("workflow_id", "=", id),
    query.updateTable("webhooks").set({ enabled: false }).where("workflow_id", "=", id),
  ]);
  return rows.length > 0;
}

function summaries(query: QueryBuilder) {
  return query
    .selectFrom("workflows as w")
    .select([
      "w.id",
      "w.name",
      "w.published_version",
      "w.created_at",
      "w.updated_at",
      momentKey("w.updated_at").as("cursorKey"),
    ])
    .select([
      sql<string | null>`w.draft ->> 'description'`.as("description"),
      sql<string | null>`w.draft ->> 'kind'`.as("kind"),
    ])
    .where("w.archived_at", "is", null);
}

type SummaryRow = Awaited<ReturnType<ReturnType<typeof summaries>["execute"]>>[number];

function toSummary(row: SummaryRow): WorkflowSummary {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    // A draft may say anything.
    kind: WORKFLOW_KINDS.find((kind) => kind === row.kind) ?? null,
    publishedVersion: row.published_version,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}
