/** The words in which the engine speaks of a run. The database, the contracts, filters and badges use these lists. */
export const RUN_STATUSES = [
  "queued",
  "running",
  "retrying",
  "waiting",
  "paused",
  "succeeded",
  "failed",
  "timed_out",
  "cancelled",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** The ends that a run can be retried from. */
export const UNSUCCESSFUL_STATUSES = [
  "failed",
  "timed_out",
  "cancelled",
] as const satisfies readonly RunStatus[];
export type UnsuccessfulStatus = (typeof UNSUCCESSFUL_STATUSES)[number];

/** A run of one of these statuses never changes its status again. */
export const ENDED_STATUSES = ["succeeded", ...UNSUCCESSFUL_STATUSES] as const;

const UNSUCCESSFUL: ReadonlySet<string> = new Set(UNSUCCESSFUL_STATUSES);
const ENDED: ReadonlySet<string> = new Set(ENDED_STATUSES);

/** Returns whether a run of this status has come to its end. */
export function isEnded(status: string): boolean {
  return ENDED.has(status);
}

/** Returns whether a run of this status has ended without success, so that it can be retried. */
export function isUnsuccessful(status: RunStatus): status is UnsuccessfulStatus {
  return UNSUCCESSFUL.has(status);
}

/** The kinds of things that start a run; `run`: another run, of which it is a part. */
export const TRIGGER_KINDS = ["manual", "api", "webhook", "schedule", "run"] as const;
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

/** Queue lanes of a workspace: a high run is never behind normal ones, low ones leave room. */
export const PRIORITIES = ["high", "normal", "low"] as const;
export type Priority = (typeof PRIORITIES)[number];
