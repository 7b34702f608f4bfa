/** The subjects of a line of a run's log. Steps write all but `run`, which is the run itself. */
export const LOG_KINDS = ["step", "model", "tool", "approval", "run"] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/** The ways in which the task of a log line has ended, or why it has not yet. */
export const LOG_STATUSES = ["succeeded", "failed", "retrying", "waiting", "cancelled"] as const;
export type LogStatus = (typeof LOG_STATUSES)[number];
