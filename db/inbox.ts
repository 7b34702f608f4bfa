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

/** Lists what waits for a person: first what decides itself, the next to do so first, then the newest. */
export async function listInbox(tenant: Tenant, page: PageRequest): Promise<Page<InboxItem>> {
  const [places, asked, failed] = await tenant.batch((query) => {
    const shown = placesAfter(query, page);
    const ids = () => query.selectFrom(shown.as("shown")).select("shown.id");
    return [
      shown,
      approvals(query).select(notBy).where("a.id", "in", ids()),
      summaries(query).where("r.id", "in", ids()),
    ];
  });
  const items = new Map<string, InboxItem>([
    ...asked.map(
      (row) =>
        [row.id, { kind: "question", id: row.id, approval: toApproval(row), notBy: row.notBy }] as const,
    ),
    ...failed.map((row) => [row.id, { kind: "failure", id: row.id, run: toSummary(row) }] as const),
  ]);
  const { nextCursor, items: found } = toPage(places, page.limit, ({ id }) => items.get(id));
  // What somebody has decided between the statements is not there any more.
  return { nextCursor, items: found.filter((item) => item !== undefined) };
}

/** The ids of one page and one more, each with its rank in the list. */
function placesAfter(query: QueryBuilder, { limit, cursor }: PageRequest) {
  return query
    .selectFrom(waiting(query).as("w"))
    .select(["w.id", sql<string>`w.rank::text`.as("cursorKey")])
    .where((eb) => eb.and(given(cursor, isBehind)))
    .orderBy("w.rank")
    .orderBy("w.id")
    .limit(limit + 1);
}

const isBehind = ({ key, id }: Cursor): Expression<SqlBool> =>
  sql<SqlBool>`(w.rank, w.id) > (${key}::bigint, ${id}::uuid)`;

/** A failure of last week is no news. */
const SHOWN_DAYS = 7;

function waiting(query: QueryBuilder) {
  return query
    .selectFrom("approvals as a")
    .select(["a.id", rank(sql`a.due_at`, sql`a.requested_at`).as("rank")])
    .where("a.status", "=", "open")
    .unionAll(
      query
        .selectFrom("agent_sessions as r")
        .select(["r.id", rank(sql`null::timestamptz`, sql`r.finished_at`).as("rank")])
        .where("r.status", "in", ["failed", "timed_out"])
        .where("r.parent_id", "is", null)
        .where("r.dismissed_at", "is", null)
        .where("r.agent_type", "<>", "ingest")
        // Who tries a draft sees it fail.
        .where("r.is_try", "=", false)
        .where("r.finished_at", ">", sql<Date>`now() - ${SHOWN_DAYS} * interval '1 day'`)
        .where(
          sql<SqlBool>`not exists (select from agent_sessions n where n.workspace_id = r.workspace_id and n.forked_from = r.id)`,
        ),
    );
}

/**
 * The place of an item, as microseconds: what is due by when it is, behind it the rest, the newest first. Moments until the year 2096 are smaller
 * than 4e15, so that one number of sixteen digits, which a cursor holds, tells the two apart.
 */
const rank = (due: Expression<unknown>, at: Expression<unknown>) =>
  sql<string>`coalesce((extract(epoch from ${due}) * 1000000)::bigint, 9000000000000000 - (extract(epoch from ${at}) * 1000000)::bigint)`;

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
