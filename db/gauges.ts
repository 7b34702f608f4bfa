import { sql } from "kysely";
import type { System } from "#/db/client.ts";

export interface Gauges {
  /** Runs that have not ended, by status. */
  readonly unfinishedRuns: Readonly<Record<string, number>>;
  /** Runs that are due and that nobody works on. */
  readonly owedWakeUps: number;
  /** For how long the oldest of those has been due. */
  readonly queueLagSeconds: number;
  /** Connections to the database, by whomever, and how many it takes. */
  readonly connections: number;
  readonly mostConnections: number;
  /** All tables and indexes, of all workspaces. */
  readonly databaseBytes: number;
}

/** Counts what happens in all workspaces now. Reads the index of unfinished runs only, however many have ended. */
export function readGauges(system: System): Promise<Gauges> {
  return system.transaction(async (trx) => {
    const rows = await trx
      .selectFrom("agent_sessions")
      .select(["status", (eb) => eb.fn.countAll<string>().as("runs")])
      .select([
        sql<string>`count(*) filter (where lease_by is null and due_at <= clock_timestamp())`.as("owed"),
        sql<
          number | null
        >`extract(epoch from max(clock_timestamp() - due_at) filter (where lease_by is null and due_at <= clock_timestamp()))::double precision`.as(
          "lag",
        ),
      ])
      .where("status", "in", ["queued", "running", "retrying", "waiting"])
      .groupBy("status")
      .execute();
    const { rows: sizes } = await sql<{ bytes: string; connections: string; most: string }>`
      select pg_database_size(current_database()) as bytes, current_setting('max_connections') as most,
        (select count(*) from pg_stat_activity where datname = current_database()) as connections`.execute(
      trx,
    );
    return {
      databaseBytes: Number(sizes[0]?.bytes ?? 0),
      connections: Number(sizes[0]?.connections ?? 0),
      mostConnections: Number(sizes[0]?.most ?? 0),
      unfinishedRuns: Object.fromEntries(rows.map((row) => [row.status, Number(row.runs)])),
      owedWakeUps: rows.reduce((sum, row) => sum + Number(row.owed), 0),
      queueLagSeconds: Math.max(0, ...rows.map((row) => row.lag ?? 0)),
    };
  });
}
