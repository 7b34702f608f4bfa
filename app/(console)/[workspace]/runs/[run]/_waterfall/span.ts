import type { RunSummary } from "#/operations/runs/contract.ts";
import type { TimelineGroup, TimelineTask } from "../timeline.ts";

/** The ways in which time is spent, as bars tell them apart. `group` is the frame around what is drawn below it. */
export type BarLook =
  | "group"
  | "model"
  | "work"
  | "live"
  | "person"
  | "time"
  | "runs"
  | "tried"
  | "failed"
  | "stopped";

/** A stretch of time, in epoch milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Bar extends Stretch {
  readonly look: BarLook;
}

/** The subject of a line of the waterfall. */
type Subject =
  | { readonly kind: "visit"; readonly group: TimelineGroup }
  | { readonly kind: "task"; readonly group: TimelineGroup; readonly task: TimelineTask }
  | { readonly kind: "member" }
  | { readonly kind: "loop" }
  | { readonly kind: "run"; readonly run: RunSummary }
  | { readonly kind: "step"; readonly step: string };

/** A line of the waterfall with what is drawn below it. */
export interface Span {
  /** Stays the same while the run continues. */
  readonly key: string;
  readonly name: string;
  /** Said beside the name: the model, the number of a try. */
  readonly note: string | undefined;
  readonly status: string;
  /** Undefined while nothing has begun. */
  readonly time: Stretch | undefined;
  readonly bars: readonly Bar[];
  readonly children: readonly Span[];
  readonly subject: Subject;
}

/** The stretch that holds all of these; undefined where there are none. */
export function hullOf(stretches: readonly Stretch[]): Stretch | undefined {
  let hull: Stretch | undefined;
  for (const { from, to } of stretches)
    hull = hull ? { from: Math.min(hull.from, from), to: Math.max(hull.to, to) } : { from, to };
  return hull;
}
