import type { RunStatus } from "#/agents/vocabulary/run.ts";
import type { RunCount } from "#/operations/run-counts/contract.ts";

/** The groups of statuses that the histogram tells apart, from its foot up. */
export const COUNTED = ["succeeded", "cancelled", "running", "waiting", "failed"] as const;
export type Counted = (typeof COUNTED)[number];

const GROUP: Readonly<Record<RunStatus, Counted>> = {
  queued: "running",
  running: "running",
  retrying: "running",
  waiting: "waiting",
  paused: "waiting",
  succeeded: "succeeded",
  failed: "failed",
  timed_out: "failed",
  cancelled: "cancelled",
};

export const BAR_MS = 20 * 60_000;
const BARS = 72;

export interface HistogramBar {
  /** The beginning of the bar, in epoch milliseconds. */
  readonly from: number;
  readonly counts: Readonly<Record<Counted, number>>;
  readonly total: number;
}

const NONE: Readonly<Record<Counted, number>> = {
  succeeded: 0,
  cancelled: 0,
  running: 0,
  waiting: 0,
  failed: 0,
};

/** The last day as bars of 20 minutes, the one of now the last. */
export function buildBars(counts: readonly RunCount[], now: number): readonly HistogramBar[] {
  const last = Math.floor(now / BAR_MS) * BAR_MS;
  const byBar = Map.groupBy(counts, ({ at }) => Date.parse(at));
  return Array.from({ length: BARS }, (_, index) => {
    const from = last - (BARS - 1 - index) * BAR_MS;
    const of = sumUp(byBar.get(from) ?? []);
    return { from, counts: of, total: Object.values(of).reduce((sum, count) => sum + count, 0) };
  });
}

/** Counts by group. */
export function sumUp(counts: readonly RunCount[]): Readonly<Record<Counted, number>> {
  const sums = { ...NONE };
  for (const { status, count } of counts) sums[GROUP[status]] += count;
  return sums;
}

/** The stretch from one bar to another, whichever way it was marked. */
export function markStretch(bars: readonly HistogramBar[], [one, other]: readonly [number, number]) {
  const from = bars[Math.min(one, other)]?.from ?? 0;
  const to = (bars[Math.max(one, other)]?.from ?? 0) + BAR_MS;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
