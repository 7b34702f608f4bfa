import { sql } from "kysely";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { type RunSummary, type StepLog, summaries, toStepLog, toSummary } from "#/db/runs.ts";

/** A run below another: one that it has started, or a run that such a one has started. */
export interface RunBelow {
  readonly runId: string;
  /** The steps that lead to it, from above. `item` is the place in the list of a map. */
  readonly path: readonly { readonly step: string; readonly item: number | null }[];
}

/** The changes below a run, as `app.changes_below` finds them. */
export interface ChangesBelow {
  /** The mark that was asked for; "0" for one that this database has not given. */
  readonly since: string;
  /** Asked from here, the next answer misses nothing. */
  readonly mark: string;
  /** False where there are more runs than are followed. */
  readonly whole: boolean;
  readonly changed: readonly RunBelow[];
}

/** Finds the runs below a run that have changed since a mark, "0" for all of them. At most `most` runs are followed. */
export async function findChangesBelow(
  tenant: Tenant,
  runId: string,
  { since, most }: { readonly since: string; readonly most: number },
): Promise<ChangesBelow> {
  const [[row]] = await tenant.batch((query) => [
    query.selectNoFrom(
      sql<ChangesBelow>`app.changes_below(${runId}::uuid, ${since}::bigint, ${most}::integer)`.as("changes"),
    ),
  ]);
  if (!row) throw new Error("app.changes_below gave no row");
  return row.changes;
}

interface LinesBelow {
  /** The runs, and the last line of each that is known already. */
  readonly known: ReadonlyMap<string, number>;
  /** Lines that were stored before this mark are known as well. */
  readonly since: string;
  readonly limit: number;
}

interface ReadBelow {
  readonly runs: readonly RunSummary[];
  readonly lines: readonly { readonly runId: string; readonly line: StepLog }[];
}

/**
 * Reads runs, with at most `limit` lines of their logs that are new, those of one run after those of another. The runs are read first: of one that
 * has ended by then, every line is there.
 */
export async function readBelow(tenant: Tenant, lines: LinesBelow): Promise<ReadBelow> {
  const [runs, logs] = await tenant.batch((query) => [
    summaries(query).where("r.id", "in", [...lines.known.keys()]),
    newLines(query, lines),
  ]);
  return {
    runs: runs.map(toSummary),
    lines: logs.map((row) => ({ runId: row.session_id, line: toStepLog(row) })),
  };
}

function newLines(query: QueryBuilder, { known, since, limit }: LinesBelow) {
  const ids = [...known.keys()];
  const seqs = [...known.values()].map(String);
  return query
    .selectFrom("agent_sessions as s")
    .innerJoin(
      sql<{ run_id: string; seq: string }>`unnest(${ids}::uuid[], ${seqs}::bigint[])`.as<"k">(
        sql`k (run_id, seq)`,
      ),
      (join) => join.onRef("k.run_id", "=", "s.id"),
    )
    .innerJoin("agent_logs as l", (join) =>
      join.onRef("l.session_id", "=", "s.id").onRef("l.expires_on", "=", "s.logs_expire_on"),
    )
    .whereRef("l.seq", ">", "k.seq")
    .where(sql<boolean>`app.change_number(l.xmin) >= ${since}::bigint`)
    .orderBy("l.session_id")
    .orderBy("l.seq")
    .limit(limit)
    .selectAll("l")
    .select(sql<string>`l.seq::text`.as("cursorKey"));
}
