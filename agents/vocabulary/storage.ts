/** Kinds of data that a workspace keeps for a number of days of its own choice. */
export const STORED_KINDS = ["runs", "logs", "checkpoints", "deliveries", "events"] as const;
export type StoredKind = (typeof STORED_KINDS)[number];
