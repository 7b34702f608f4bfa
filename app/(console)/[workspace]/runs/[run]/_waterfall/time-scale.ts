import { type Bar, hullOf, type Span, type Stretch } from "./span.ts";

/** A part of the axis: a stretch of time and its place, from 0 to 1. */
interface AxisPart extends Stretch {
  readonly left: number;
  readonly width: number;
  /** Drawn shorter than it was. */
  readonly folded: boolean;
}

export interface TimeScale {
  readonly parts: readonly AxisPart[];
  /** The place of a moment, from 0 to 1. */
  readonly place: (moment: number) => number;
}

const WAITS: ReadonlySet<Bar["look"]> = new Set(["person", "time"]);
/** A wait is folded where it is longer than this share of all work, */
const LONG_SHARE = 0.5;
/** and takes this share of the work then. */
const FOLDED_SHARE = 0.14;
const SHORTEST_FOLDED_MS = 2_000;

interface ScaleOptions {
  readonly folds: boolean;
  /** The run is at work: the axis ends at a round moment ahead, so that not every second moves all bars. */
  readonly grows: boolean;
}

/** The axis of a run: time in proportion, long waits shortened where nothing else continued. */
export function makeTimeScale(spans: readonly Span[], { folds, grows }: ScaleOptions): TimeScale {
  const bars = spans.flatMap((span) => listBars(span));
  const { from, to } = hullOf(bars) ?? { from: 0, to: 0 };
  // An instant is as long as a millisecond: an axis without length has no place for it.
  const hull = { from, to: Math.max(to, from + 1) };
  const whole = grows ? { from: hull.from, to: hull.from + roundUp(hull.to - hull.from) } : hull;
  const gaps = folds ? findLongWaits(bars, hull) : [];
  return toScale(cutAt(whole, gaps), gaps);
}

const ROUND = [1, 1.5, 2, 3, 5, 7.5, 10] as const;
const SHORTEST_AXIS_MS = 5_000;

/** The next round length. */
function roundUp(lengthMs: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, lengthMs)));
  return Math.max(SHORTEST_AXIS_MS, (ROUND.find((step) => step * power >= lengthMs) ?? 10) * power);
}

/** All bars that show work or waiting; a frame only holds others. */
export function listBars(span: Span): readonly Bar[] {
  const inner = span.children.flatMap((child) => listBars(child));
  return span.children.length > 0 ? inner : [...span.bars];
}

function findLongWaits(bars: readonly Bar[], whole: Stretch): readonly Stretch[] {
  const work = joinStretches(bars.filter(({ look }) => !WAITS.has(look)));
  const workedMs = work.reduce((sum, { from, to }) => sum + to - from, 0);
  const edges = [whole.from, ...work.flatMap(({ from, to }) => [from, to]), whole.to];
  const gaps: Stretch[] = [];
  for (let index = 0; index < edges.length; index += 2) {
    const [from = whole.from, to = whole.to] = edges.slice(index, index + 2);
    if (to - from > Math.max(SHORTEST_FOLDED_MS, workedMs * LONG_SHARE)) gaps.push({ from, to });
  }
  return gaps;
}

/** Overlapping stretches as one, in order. */
function joinStretches(stretches: readonly Stretch[]): readonly Stretch[] {
  const joined: Stretch[] = [];
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else joined.push({ from, to });
  }
  return joined;
}

function cutAt(whole: Stretch, gaps: readonly Stretch[]): readonly Stretch[] {
  const edges = [...new Set([whole.from, ...gaps.flatMap(({ from, to }) => [from, to]), whole.to])];
  return edges.slice(0, -1).map((from, index) => ({ from, to: edges[index + 1] ?? from }));
}

function toScale(stretches: readonly Stretch[], gaps: readonly Stretch[]): TimeScale {
  const isGap = ({ from }: Stretch) => gaps.some((gap) => gap.from === from);
  const worked = stretches.filter((one) => !isGap(one)).reduce((sum, { from, to }) => sum + to - from, 0);
  const sized = stretches.map((one) => ({
    from: one.from,
    to: one.to,
    folded: isGap(one),
    size: isGap(one) ? Math.max(1, worked * FOLDED_SHARE) : one.to - one.from,
  }));
  const total = sized.reduce((sum, { size }) => sum + size, 0) || 1;
  const parts: AxisPart[] = [];
  for (const { from, to, folded, size } of sized) {
    const before = parts.at(-1);
    parts.push({ from, to, folded, left: before ? before.left + before.width : 0, width: size / total });
  }
  return { parts, place: (moment) => placeMoment(parts, moment) };
}

function placeMoment(parts: readonly AxisPart[], moment: number): number {
  const part = parts.find(({ to }) => moment <= to) ?? parts.at(-1);
  if (!part) return 0;
  const share = part.to > part.from ? (moment - part.from) / (part.to - part.from) : 0;
  return Math.min(1, Math.max(0, part.left + share * part.width));
}

export interface Tick {
  readonly key: string;
  readonly left: number;
  /** A moment since the beginning, or the true length of a folded wait. */
  readonly ms: number;
  readonly folded: boolean;
}

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
] as const;
/** Words need so much of the axis. */
const CLOSEST = 0.1;

/** The marks of the axis: round moments where time is in proportion, one word where it is folded. */
export function listTicks({ parts }: TimeScale): readonly Tick[] {
  const begin = parts[0]?.from ?? 0;
  const ticks = parts.flatMap((part) => (part.folded ? [foldTick(part)] : roundTicks(part, begin)));
  return ticks.filter((tick, index) => tick.folded || isApart(tick, ticks, index));
}

const foldTick = ({ from, to, left, width }: AxisPart): Tick => ({
  key: `fold-${from}`,
  left: left + width / 2,
  ms: to - from,
  folded: true,
});

function roundTicks({ from, to, left, width }: AxisPart, begin: number): readonly Tick[] {
  const most = Math.max(1, Math.floor(width / CLOSEST));
  const stepMs = STEPS_MS.find((step) => (to - from) / step <= most) ?? (to - from || 1);
  const first = Math.ceil((from - begin) / stepMs) * stepMs;
  const count = Math.max(0, Math.floor((to - begin - first) / stepMs) + 1);
  return Array.from({ length: Math.min(count, most + 1) }, (_, index) => {
    const ms = first + index * stepMs;
    return {
      key: `at-${ms}`,
      left: left + ((begin + ms - from) / (to - from || 1)) * width,
      ms,
      folded: false,
    };
  });
}

/** A moment right beside a folded wait would be written over its word. */
function isApart(tick: Tick, ticks: readonly Tick[], index: number): boolean {
  const others = [ticks[index - 1], ticks[index + 1]];
  return others.every((other) => !other?.folded || Math.abs(other.left - tick.left) > CLOSEST * 1.4);
}
