import type { BenchPostgres } from "./postgres.ts";
import { readProcessorTime } from "./processor-time.ts";

/** What a system and its database have done so far. */
export interface Counters {
  /** Statements that clients have sent, BEGIN and COMMIT included. */
  readonly statements: number;
  /**
   * Transactions that changed something: the distance of transaction ids. pg_stat_database would count commits, but each backend
   * tells it up to ten seconds late.
   */
  readonly commits: number;
  readonly walBytes: number;
  readonly nodeMs: number;
  readonly standInMs: number;
  readonly postgresMs: number;
  readonly machineMs: number;
}

/** Whose processor time is whose. */
export interface Watched {
  readonly database: string;
  readonly pid: number;
  readonly standIns: readonly number[];
}

const COUNTERS = `select
  (select coalesce(sum(calls), 0) from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = $1)::float8 as statements,
  pg_snapshot_xmax(pg_current_snapshot())::text::float8 as commits,
  pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as wal`;

export async function readCounters(
  postgres: BenchPostgres,
  { database, pid, standIns }: Watched,
): Promise<Counters> {
  const {
    rows: [row],
  } = await postgres.admin.query<{ statements: number; commits: number; wal: number }>(COUNTERS, [database]);
  const { ofTree, ofMachine } = readProcessorTime();
  const standInMs = standIns.reduce((sum, standIn) => sum + ofTree(standIn), 0);
  return {
    statements: row?.statements ?? 0,
    commits: row?.commits ?? 0,
    walBytes: row?.wal ?? 0,
    nodeMs: ofTree(pid) - standInMs,
    standInMs,
    postgresMs: ofTree(postgres.pid),
    machineMs: ofMachine,
  };
}

/** What was done between two moments. */
export function between(before: Counters, after: Counters): Counters {
  return {
    statements: after.statements - before.statements,
    commits: after.commits - before.commits,
    walBytes: after.walBytes - before.walBytes,
    nodeMs: after.nodeMs - before.nodeMs,
    standInMs: after.standInMs - before.standInMs,
    postgresMs: after.postgresMs - before.postgresMs,
    machineMs: after.machineMs - before.machineMs,
  };
}
