/** A place in the primary's write-ahead log, in bytes from its beginning. */
export type LogPosition = number;

/** A place that no standby reaches: of somebody whose last change is anywhere. */
export const UNREACHABLE: LogPosition = Number.MAX_SAFE_INTEGER;

/** How far a server has come, by its own account. */
export interface StandbyState {
  /** Null for a server that follows nobody: no standby, or one that was promoted. */
  readonly replayed: LogPosition | null;
  /** The age of the last transaction it has replayed; null before the first. */
  readonly ageMs: number | null;
}

/** What its answer has to show. */
interface Needed {
  /** The caller's own last change; 0 for none. */
  readonly written: LogPosition;
  /** The primary's place, as of a moment ago. */
  readonly primary: LogPosition;
  readonly mostLagMs: number;
}

export type StandbyVerdict = "current" | "own-write" | "behind" | "not-a-standby";

/** Decides whether what a standby has answered may be told. A quiet primary makes no standby old: one that has all of it is current. */
export function judgeStandby({ replayed, ageMs }: StandbyState, needed: Needed): StandbyVerdict {
  if (replayed === null) return "not-a-standby";
  if (replayed < needed.written) return "own-write";
  const isCurrent = replayed >= needed.primary || (ageMs !== null && ageMs <= needed.mostLagMs);
  return isCurrent ? "current" : "behind";
}

/** Asks a server for its `StandbyState`. What the same transaction reads afterwards is at least as new. */
export const STANDBY_STATE = `select case when pg_is_in_recovery()
    then pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::double precision end as "replayed",
  (extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::double precision as "ageMs"`;

/** Asks the primary for its place: everything committed before is in front of it, what waits to be written down included. */
export const PRIMARY_POSITION = `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::double precision as "position"`;
