import * as v from "valibot";

/** Kinds of data that a workspace keeps for a while, and for how many days unless it says otherwise. app.retention_days has the same. */
export const RETENTION_DEFAULTS = { runs: 90, logs: 30, checkpoints: 14, deliveries: 30, events: 30, failed: 180 } as const;

export type StoredKind = Exclude<keyof typeof RETENTION_DEFAULTS, "failed">;

const Days = v.pipe(v.number(), v.integer("must be whole days"), v.minValue(1, "must be at least a day"), v.maxValue(365, "must be at most 365 days"));

/** Days that each kind is kept after the end of the run it belongs to; `failed` is for everything of runs that failed, if it is longer. */
export const Retention = v.strictObject({ runs: Days, logs: Days, checkpoints: Days, deliveries: Days, events: Days, failed: Days });
export type Retention = Readonly<v.InferOutput<typeof Retention>>;

const or = (days: number) => v.optional(v.fallback(Days, days), days);
const { runs, logs, checkpoints, deliveries, events, failed } = RETENTION_DEFAULTS;
const StoredRetention = v.object({ runs: or(runs), logs: or(logs), checkpoints: or(checkpoints), deliveries: or(deliveries), events: or(events), failed: or(failed) });
const StoredLimits = v.fallback(v.object({ retention: v.fallback(StoredRetention, RETENTION_DEFAULTS) }), { retention: RETENTION_DEFAULTS });

/** What a workspace keeps, from its stored limits. What cannot be read is kept as by default. */
export function retentionOf(limits: unknown): Retention {
  return v.parse(StoredLimits, limits).retention;
}

/** The kinds that would be kept for longer than the runs they belong to. */
export function outlastingKinds({ runs, logs, checkpoints }: Retention): readonly ("logs" | "checkpoints")[] {
  return [...(logs > runs ? (["logs"] as const) : []), ...(checkpoints > runs ? (["checkpoints"] as const) : [])];
}
