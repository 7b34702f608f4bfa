"use client";
import { type PointerEvent, useMemo, useState } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import { lookOf } from "#/app/_ui/status-badge.tsx";
import type { RunCount } from "#/operations/run-counts/contract.ts";
import type { RunFilter } from "../../_data/queries.ts";
import { useRunCounts } from "../../_data/runs.ts";
import {
  BAR_MS,
  buildBars,
  COUNTED,
  type Counted,
  type HistogramBar,
  markStretch,
  sumUp,
} from "./histogram.ts";
import { useMoment } from "../[run]/use-moment.ts";
import { useNarrow } from "./use-narrow.ts";

const FILL: Readonly<Record<Counted, string>> = {
  succeeded: "bg-stone-3",
  cancelled: "inset-ring inset-ring-stone",
  running: "bg-run",
  waiting: "bg-wait",
  failed: "bg-fail",
};

const LEGEND: readonly Counted[] = ["failed", "waiting", "running", "succeeded", "cancelled"];

const MINUTE_MS = 60_000;
const NO_COUNTS: readonly RunCount[] = [];

interface RunHistogramProps {
  readonly filter: RunFilter;
  /** The moment at which the server made the page, by its clock. */
  readonly readAt: number;
}

/** The runs of the last day, by when they began and how they stand. The legend filters by status; a mark on the bars by time. */
export function RunHistogram({ filter, readAt }: RunHistogramProps) {
  const counts = useRunCounts().data?.items ?? NO_COUNTS;
  const now = useMoment(readAt, MINUTE_MS);
  const bar = Math.floor(now / BAR_MS) * BAR_MS;
  const bars = useMemo(() => buildBars(counts, bar), [counts, bar]);
  return (
    <section
      aria-label="Runs of the last day"
      className="grid gap-x-8 gap-y-3 border-b border-line px-4 py-4 md:grid-cols-[13.5rem_minmax(0,1fr)] md:px-6"
    >
      <Legend sums={sumUp(counts)} status={filter.status} />
      <Bars key={`${filter.from} ${filter.to}`} bars={bars} filter={filter} />
    </section>
  );
}

interface LegendProps {
  readonly sums: Readonly<Record<Counted, number>>;
  readonly status: RunFilter["status"];
}

function Legend({ sums, status }: LegendProps) {
  const narrow = useNarrow();
  return (
    <ul className="grid content-start max-md:grid-cols-2 max-md:gap-x-6">
      {LEGEND.map((group) => (
        <li key={group}>
          <button
            type="button"
            aria-pressed={status === group}
            onClick={() => narrow({ status: status === group ? undefined : group })}
            className={cn(
              "flex h-6 w-full items-center gap-2.5 rounded-sm px-1 -mx-1 text-ink-2 touch-target hover:bg-hover",
              status === group && "bg-press text-ink",
              (group === "failed" || group === "waiting") && sums[group] > 0 && "font-medium text-ink",
            )}
          >
            <i aria-hidden className={cn("pebble h-2 w-2.5", FILL[group])} />
            <span className="mr-auto">{lookOf(group).label}</span>
            {sums[group].toLocaleString("en")}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface BarsProps {
  readonly bars: readonly HistogramBar[];
  readonly filter: RunFilter;
}

function Bars({ bars, filter }: BarsProps) {
  const narrow = useNarrow();
  const [mark, setMark] = useState<readonly [number, number]>();
  const most = Math.max(1, ...bars.map(({ total }) => total));
  const find = ({ currentTarget, clientX }: PointerEvent<HTMLElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return Math.min(bars.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * bars.length)));
  };
  const shown = mark ?? readMark(bars, filter);
  return (
    <div className="@container min-w-0 select-none" title="Drag over the bars to mark a time">
      <div
        aria-hidden
        className="relative flex h-24 cursor-crosshair touch-pan-y items-end gap-px border-b border-line-2"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setMark([find(event), find(event)]);
        }}
        onPointerMove={(event) => mark && setMark([mark[0], find(event)])}
        onPointerUp={() => mark && narrow(markStretch(bars, mark))}
      >
        {shown && <Mark mark={shown} of={bars.length} />}
        {bars.map((one) => (
          <OneBar key={one.from} bar={one} most={most} />
        ))}
      </div>
      <p
        aria-hidden
        suppressHydrationWarning
        className="mt-1 flex justify-between text-2xs text-ink-3 *:even:@max-xs:hidden"
      >
        {bars
          .filter((_, index) => index % 9 === 0)
          .map(({ from }) => (
            <span key={from} suppressHydrationWarning>
              {clock.format(from)}
            </span>
          ))}
        <span>now</span>
      </p>
    </div>
  );
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

function OneBar({ bar: { counts, total }, most }: { readonly bar: HistogramBar; readonly most: number }) {
  return (
    <span
      className="flex min-w-0 flex-1 flex-col-reverse gap-px overflow-hidden rounded-t-xs"
      style={{ height: `${((total / most) * 92).toFixed(1)}%` }}
    >
      {COUNTED.map(
        (group) =>
          counts[group] > 0 && (
            <i key={group} className={cn("min-h-[3px]", FILL[group])} style={{ flexGrow: counts[group] }} />
          ),
      )}
    </span>
  );
}

/** The bars that the address has marked. */
function readMark(
  bars: readonly HistogramBar[],
  { from, to }: RunFilter,
): readonly [number, number] | undefined {
  const begin = bars[0]?.from ?? 0;
  if (!from || !to || Date.parse(to) <= begin) return undefined;
  const place = (moment: string) => Math.floor((Date.parse(moment) - begin) / BAR_MS);
  return [Math.max(0, place(from)), Math.min(bars.length - 1, place(to) - 1)];
}

function Mark({ mark: [one, other], of }: { readonly mark: readonly [number, number]; readonly of: number }) {
  const first = Math.min(one, other);
  const width = Math.abs(one - other) + 1;
  return (
    <i
      className="absolute inset-y-0 rounded-t-sm border border-accent-line bg-accent/10"
      style={{ left: `${(first / of) * 100}%`, width: `${(width / of) * 100}%` }}
    />
  );
}
