import { type Expression, sql, type SqlBool } from "kysely";
import { type Approval, approvals, notBy, toApproval } from "#/db/approvals.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { given, type Page, type PageRequest, toPage } from "#/db/page.ts";
import { type RunSummary, summaries, toSummary } from "#/db/runs.ts";
import type { Cursor } from "#/lib/cursor.ts";

/** Something that waits for a person: a question, or a run that failed and was not done anew since. */
export type InboxItem =
  | {
      readonly kind: "question";
      readonly id: string;
      readonly approval: Approval;
      /** The people who may not answer it. */
      readonly notBy: readonly string[] | null;
    }
  | { readonly kind: "failure"; readonly id: string; readonly run: RunSummary };

interface InboxRequest extends PageRequest {
  /** Only what comes from runs that this person stands behind, and what they may answer of it. */
  readonly mine?: Mine | undefined;
}

interface Mine {
  readonly person: string;
  /** True if they may decide on a tool that has changed. */
  readonly decidesOnTools: boolean;
}

/** Lists what waits for a person: first what decides itself, the next to do so first, then the newest. */
export async function listInbox(tenant: Tenant, page: InboxRequest): Promise<Page<InboxItem>> {
  const [asked, failed] = await tenant.batch((query) => [
    approvals(query)
      .select([notBy, rank(sql`a.due_at`, sql`a.requested_at`).as("rank")])
      .where("a.id", "in", questionsAfter(query, page)),
    summaries(query)
      .select(rank(sql`null::timestamptz`, sql`r.finished_at`).as("rank"))
      .where("r.id", "in", failuresAfter(query, page)),
  ]);
  const places = [
    ...asked.map((row): Place => {
      const question = { kind: "question", id: row.id, approval: toApproval(row), notBy: row.notBy } as const;
      return { id: row.id, cursorKey: row.rank, item: question };
    }),
    ...failed.map((row): Place => {
      const failure = { kind: "failure", id: row.id, run: toSummary(row) } as const;
      return { id: row.id, cursorKey: row.rank, item: failure };
    }),
  ];
  return toPage(places.toSorted(byPlace), page.limit, ({ item }) => item);
}

interface Place {
  readonly id: string;
  /** Its rank. */
  readonly cursorKey: string;
  readonly item: InboxItem;
}

const byPlace = (a: Place, b: Place) => Number(a.cursorKey) - Number(b.cursorKey) || (a.id < b.id ? -1 : 1);

/**
 * The place of an item, as microseconds: what is due by when it is, behind it the rest, the newest first. Moments until the year 2096 are smaller
 * than 4e15, so that one number of sixteen digits, which a cursor holds, tells the two apart.
 */
const rank = (due: Expression<unknown>, at: Expression<unknown>) =>
  sql<string>`coalesce((extract(epoch from ${due}) * 1000000)::bigint, ${sql.lit(BEHIND_ALL_DUE)} - (extract(epoch from ${at}) * 1000000)::bigint)::text`;
const BEHIND_ALL_DUE = 9_000_000_000_000_000;

const momentAt = (microseconds: Expression<unknown>) =>
  sql`(timestamptz 'epoch' + ${microseconds} * interval '1 microsecond')`;

/** True of a question that is due after the cursor: by columns alone, so that an index finds the first ones. */
const isDueAfter = ({ key, id }: Cursor): Expression<SqlBool> =>
  sql<SqlBool>`(a.due_at, a.id) > (${momentAt(sql`${key}::bigint`)}, ${id}::uuid)`;

/** True of what has no due moment and comes after the cursor. Behind a cursor that is due, all of it does: the moment is in the far future then. */
function isOlderAfter(moment: string, runOrQuestion: string, { key, id }: Cursor): Expression<SqlBool> {
  const [at, last] = [sql.ref(moment), momentAt(sql`(${sql.lit(BEHIND_ALL_DUE)} - ${key}::bigint)`)];
  return sql<SqlBool>`${at} <= ${last} and (${at} < ${last} or ${sql.ref(runOrQuestion)} > ${id}::uuid)`;
}

const isBehindRun = (person: string, run: string) =>
  sql<SqlBool>`${person}::uuid = any (app.people_behind(${sql.ref(run)}))`;

/** The ids of open questions: the first of those that are due, and of the others, a page and one more of each. Each kind has an index in its order. */
function questionsAfter(query: QueryBuilder, { limit, cursor, mine }: InboxRequest) {
  const open = query
    .selectFrom("approvals as a")
    .select("a.id")
    .where("a.status", "=", "open")
    // What those behind its run may not answer is not theirs.
    .where((eb) =>
      eb.and(
        given(mine, ({ person, decidesOnTools }) =>
          eb.and([
            eb("a.self_approval", "=", true),
            ...(decidesOnTools ? [] : [eb("a.subject", "<>", "tool_change")]),
            isBehindRun(person, "a.run_id"),
          ]),
        ),
      ),
    );
  const due = open
    .where("a.due_at", "is not", null)
    .where((eb) => eb.and(given(cursor, isDueAfter)))
    .orderBy("a.due_at")
    .orderBy("a.id")
    .limit(limit + 1);
  const others = open
    .where("a.due_at", "is", null)
    .where((eb) => eb.and(given(cursor, (it) => isOlderAfter("a.requested_at", "a.id", it))))
    .orderBy("a.requested_at", "desc")
    .orderBy("a.id")
    .limit(limit + 1);
  return query
    .selectFrom(due.as("due"))
    .select("due.id")
    .unionAll(query.selectFrom(others.as("others")).select("others.id"));
}

/** A failure of last week is no news. */
const SHOWN_DAYS = 7;

/** The ids of failed runs of one page and one more. */
function failuresAfter(query: QueryBuilder, { limit, cursor, mine }: InboxRequest) {
  return (
    query
      .selectFrom("agent_sessions as r")
      .select("r.id")
      .where("r.status", "in", ["failed", "timed_out"])
      .where("r.parent_id", "is", null)
      .where("r.dismissed_at", "is", null)
      .where("r.agent_type", "<>", "ingest")
      // Who tries a draft sees it fail.
      .where("r.is_try", "=", false)
      .where("r.finished_at", ">", sql<Date>`now() - ${SHOWN_DAYS} * interval '1 day'`)
      .where(
        sql<SqlBool>`not exists (select from agent_sessions n where n.workspace_id = r.workspace_id and n.forked_from = r.id)`,
      )
      .where((eb) => eb.and(given(mine, ({ person }) => isBehindRun(person, "r.id"))))
      .where((eb) => eb.and(given(cursor, (it) => isOlderAfter("r.finished_at", "r.id", it))))
      .orderBy("r.finished_at", "desc")
      .orderBy("r.id")
      .limit(limit + 1)
  );
}

/** Takes a failed run out of the inbox. @returns false when it is not there or has not failed, true also when it was out before */
export async function storeDismissal(tenant: Tenant, id: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query
      .updateTable("agent_sessions")
      .set({ dismissed_at: sql`coalesce(dismissed_at, now())` })
      .where("id", "=", id)
      .where("status", "in", ["failed", "timed_out"])
      .returning("id"),
  ]);
  return rows.length > 0;
}
