import * as v from "valibot";
import type { Priority } from "#/agents/vocabulary/run.ts";

const atLeastOne = (most: number) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most)));

/** The most of a workspace, or of one workflow, that may happen at a time. Absent means the default, or no limit. */
export const PaceLimits = v.object({
  /** Workspace: deliveries at a time. Workflow: runs that are at work at a time; waiting ones do not count. */
  concurrency: atLeastOne(1000),
  startsPerMinute: atLeastOne(100_000),
  /** Workspace: starts by people and callers that are likely to cost more want their consent. */
  askAboveUsd: v.optional(v.pipe(v.number(), v.minValue(0))),
});
export type PaceLimits = Readonly<v.InferOutput<typeof PaceLimits>>;

/** Limits as they are stored. What cannot be read limits nothing. */
export function readPaceLimits(stored: unknown): PaceLimits {
  const parsed = v.safeParse(PaceLimits, stored);
  return parsed.success ? parsed.output : {};
}

const DEFAULT_CONCURRENCY = 20;

/** Returns the deliveries of a lane that may be under way at a time. The lane of what can wait is narrow. */
export function laneWidth(priority: Priority, { concurrency = DEFAULT_CONCURRENCY }: PaceLimits): number {
  return priority === "low" ? Math.max(1, Math.floor(concurrency / 4)) : concurrency;
}
