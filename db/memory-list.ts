import { type Expression, sql, type SqlBool } from "kysely";
import type { MemoryScope } from "#/agents/vocabulary/memory.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { given, isoTime, isOlder, momentKey, type Page, type PageRequest, toPage } from "#/db/page.ts";
import { encodeCursor } from "#/lib/cursor.ts";
import { sqlMeaning } from "#/lib/sql-state.ts";

/** A fact as people see it. */
export interface ListedMemory {
  readonly id: string;
  readonly scope: MemoryScope;
  readonly workflowId: string | null;
  readonly agent: string | null;
  readonly subject: string;
  readonly text: string;
  readonly importance: number;
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly supersededBy: string | null;
  readonly sourceRunId: string | null;
  readonly sourceStep: string | null;
}

export interface MemoryFilter {
  readonly search?: string | undefined;
  readonly scope?: MemoryScope | undefined;
  readonly workflow?: string | undefined;
  readonly subject?: string | undefined;
  readonly state?: "valid" | "ended" | undefined;
}

const WORKFLOW = sql<string>`split_part(owner, '/', 1)`;

/** A search looks through so many facts at a time: their words are in no index. */
const LOOKED_THROUGH = 10_000;

/**
 * Lists what is remembered, newest first. A search that has looked through `most` facts gives what it has found, be it nothing, with a cursor that goes on
 * from there.
 */
export async function listMemories(
  tenant: Tenant,
  { limit, cursor, search, ...filter }: PageRequest & MemoryFilter,
  most = LOOKED_THROUGH,
): Promise<Page<ListedMemory>> {
  const [rows, ends] = await tenant.read((query) => {
    const asked = selectMemories(query)
      .where((eb) =>
        eb.and([
          ...given(filter.scope, (it) => eb("scope", "=", it)),
          ...given(filter.workflow, (it) => eb(WORKFLOW, "=", it)),
          ...given(filter.subject, (it) => eb("subject", "=", it)),
          ...given(filter.state, (it) => eb("valid_until", it === "valid" ? "is" : "is not", null)),
          ...given(cursor, (it) => isOlder({ moment: "created_at", id: "id" }, it)),
        ]),
      )
      .orderBy("created_at", "desc")
      .orderBy("id", "desc");
    const looked = asked.select("created_at").limit(search === undefined ? limit + 1 : most);
    return [
      query
        .selectFrom(looked.as("m"))
        .selectAll("m")
        .where((eb) => eb.and(given(search, hasWords)))
        .orderBy("m.created_at", "desc")
        .orderBy("m.id", "desc")
        .limit(limit + 1),
      asked
        .where(sql.lit(search !== undefined))
        .offset(most - 1)
        .limit(1),
    ];
  });
  const page = toPage(rows, limit, toMemory);
  const [end] = ends;
  return end === undefined || page.nextCursor !== null
    ? page
    : { ...page, nextCursor: encodeCursor({ key: end.cursorKey, id: end.id }) };
}

/** Tells whether all words stand in the text of a fact, or in whom it is about. */
function hasWords(search: string): Expression<SqlBool> {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return sql<SqlBool>`(
    select bool_and(position(w.word in lower(text || ' ' || subject)) > 0)
    from unnest(${words}::text[]) w (word)
  )`;
}

/** Undefined when there is none. */
export async function getMemory(tenant: Tenant, id: string): Promise<ListedMemory | undefined> {
  const [rows] = await tenant.batch((query) => [selectMemories(query).where("id", "=", id)]);
  return rows[0] && toMemory(rows[0]);
}

/** Changes a fact; its vector is owed when it says something else. */
export async function updateMemory(
  tenant: Tenant,
  id: string,
  { text, importance }: { readonly text?: string | undefined; readonly importance?: number | undefined },
): Promise<"done" | "not-found" | "known"> {
  try {
    const [rows] = await tenant.batch((query) => [
      query
        .updateTable("memories")
        .set({
          updated_at: sql`clock_timestamp()`,
          ...(importance !== undefined && { importance }),
          ...(text !== undefined && {
            text,
            embedded_at: sql<Date | null>`case when text = ${text} then embedded_at end`,
          }),
        })
        .where("id", "=", id)
        .returning("id"),
    ]);
    return rows.length > 0 ? "done" : "not-found";
  } catch (error) {
    if (sqlMeaning(error) === "taken") return "known";
    throw error;
  }
}

/** Deletes facts. @returns the number of those that were there */
export async function deleteMemories(tenant: Tenant, ids: readonly string[]): Promise<number> {
  const [rows] = await tenant.batch((query) => [
    query
      .deleteFrom("memories")
      .where("id", "in", [...ids])
      .returning("id"),
  ]);
  return rows.length;
}

/** The ids of facts about somebody, valid or not, so many at most. */
export async function listIdsOfSubject(
  tenant: Tenant,
  subject: string,
  most: number,
): Promise<readonly string[]> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("memories").select("id").where("subject", "=", subject).limit(most),
  ]);
  return rows.map(({ id }) => id);
}

const selectMemories = (query: QueryBuilder) =>
  query
    .selectFrom("memories")
    .select([
      "id",
      "scope",
      "owner",
      "subject",
      "text",
      "importance",
      "valid_from",
      "valid_until",
      "superseded_by",
      "source_run_id",
      "source_step",
      momentKey("created_at").as("cursorKey"),
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof selectMemories>["execute"]>>[number];

function toMemory({ scope, owner, ...row }: Row): ListedMemory {
  const [workflowId = "", agent] = owner.split("/");
  return {
    id: row.id,
    scope,
    workflowId: workflowId || null,
    agent: agent ?? null,
    subject: row.subject,
    text: row.text,
    importance: row.importance,
    validFrom: isoTime(row.valid_from),
    validUntil: isoTime(row.valid_until),
    supersededBy: row.superseded_by,
    sourceRunId: row.source_run_id,
    sourceStep: row.source_step,
  };
}
