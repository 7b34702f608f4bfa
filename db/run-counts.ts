import { sql } from "kysely";
import type { RunStatus } from "#/agents/vocabulary/run.ts";
import type { Tenant } from "#/db/client.ts";
import { isoTime } from "#/db/page.ts";

/** Runs that were created in one stretch of time, by how they stand. */
export interface RunCount {
  readonly at: string;
  readonly status: RunStatus;
  readonly count: number;
}

/** So many of the newest runs are counted at most: a busier day is counted from its end. */
const MOST_COUNTED = 50_000;

/** Counts the runs of the last day in stretches of so many minutes. Items of maps and tries are not counted. */
export async function countRuns(tenant: Tenant, minutes: number): Promise<readonly RunCount[]> {
  const [rows] = await tenant.read((query) => [
    query
      .selectFrom(
        query
          .selectFrom("agent_sessions")
          .select(["status", "created_at"])
          .where("created_at", ">", sql<Date>`now() - interval '1 day'`)
          .where("agent_type", "<>", "ingest")
          .where("fragment", "is", null)
          .where("is_try", "=", false)
          .orderBy("created_at", "desc")
          .limit(MOST_COUNTED)
          .as("r"),
      )
      .select(
        sql<Date>`date_bin(${minutes} * interval '1 minute', r.created_at, timestamptz 'epoch')`.as("at"),
      )
      .select("r.status")
      .select(sql<string>`count(*)`.as("count"))
      .groupBy([sql`1`, "r.status"])
      .orderBy("at"),
  ]);
  return rows.map(({ at, status, count }) => ({ at: isoTime(at), status, count: Number(count) }));
}
