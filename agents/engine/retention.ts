import type { StoredKind } from "#/agents/vocabulary/storage.ts";
import * as v from "valibot";

/** Kinds of data that a workspace keeps for a while, and for how many days unless it says otherwise. app.retention_days has the same. */
export const RETENTION_DEFAULTS = {
  runs: 90,
  logs: 30,
  checkpoints: 14,
  deliveries: 30,
  events: 30,
  failed: 180,
} as const satisfies Readonly<Record<StoredKind | "failed", number>>;

const Days = v.pipe(
  v.number(),
  v.integer("must be whole days"),
  v.minValue(1, "must be at least a day"),
  v.maxValue(365, "must be at most 365 days"),
);

/** Days that each kind is kept after the end of the run it belongs to; `failed` is for everything of runs that failed, if it is longer. */
export const Retention = v.strictObject({
  runs: Days,
  logs: Days,
  checkpoints: Days,
  deliveries: Days,
  events: Days,
  failed: Days,
});
export type Retention = Readonly<v.InferOutput<typeof Retention>>;

const or = (days: number) => v.optional(v.fallback(Days, days), days);
const usual = RETENTION_DEFAULTS;
const StoredRetention = v.object({
  runs: or(usual.runs),
  logs: or(usual.logs),
  checkpoints: or(usual.checkpoints),
  deliveries: or(usual.deliveries),
  events: or(usual.events),
  failed: or(usual.failed),
});
const StoredLimits = v.fallback(
  v.object({ retention: v.optional(v.fallback(StoredRetention, usual), usual) }),
  { retention: usual },
);

/** Reads from a workspace's stored limits how long it keeps what. What cannot be read is kept as by default. */
export function readRetention(limits: unknown): Retention {
  return v.parse(StoredLimits, limits).retention;
}

/** The kinds that would be kept for longer than the runs they belong to. */
export function outlastingKinds(retention: Retention): readonly ("logs" | "checkpoints")[] {
  return (["logs", "checkpoints"] as const).filter((kind) => retention[kind] > retention.runs);
}
