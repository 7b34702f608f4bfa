/** One line of a run's log, as far as a fork looks at it. */
interface Line {
  readonly step: string;
  readonly superstep: number;
  readonly status: string;
  /** A task that waited has lines in several supersteps. */
  readonly taskId?: string | undefined;
}

/** The supersteps that a visit to a step takes: one for each time, or several in a row (an agent's turns, a map's parts). */
export type Span = "one" | "several" | "map";

/**
 * The superstep in which a step began, counted from the first time it ran.
 * @param occurrence which time, from 1; undefined: the last
 * @returns undefined when it has not run (so often)
 */
export function forkPoint(
  log: readonly Line[],
  step: string,
  { span, occurrence }: { readonly span: Span; readonly occurrence?: number | undefined },
): number | undefined {
  const lines = log.filter((line) => line.step === step);
  const beginnings = findBeginnings(findStretches(lines, span), span);
  const beginning = occurrence === undefined ? beginnings.at(-1) : beginnings[occurrence - 1];
  if (beginning === undefined || span !== "map") return beginning;
  // A map that did its items side by side read its list one superstep before the first of them, and said nothing.
  const isSideBySide = lines.every(
    (line) => line.superstep !== beginning || line.status !== "waiting" || isOfItem(line),
  );
  return isSideBySide ? Math.max(0, beginning - 1) : beginning;
}

/** Returns whether a map's line is of one of its items, and not of the task that starts runs for them: the name of that task ends with the map's. */
const isOfItem = ({ taskId, step }: Line) => taskId !== undefined && !taskId.endsWith(`.${step}`);

/** From the first to the last superstep of a task: what is asked in one may be answered many later. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

function findStretches(lines: readonly Line[], span: Span): readonly Stretch[] {
  const tasks = Map.groupBy(lines, (line, index) => line.taskId ?? index);
  return [...tasks.values()].map((own) => ({
    from: Math.min(...own.map(({ superstep }) => superstep)),
    to: findLastSuperstep(own, lines, span),
  }));
}

function findLastSuperstep(own: readonly Line[], lines: readonly Line[], span: Span): number {
  const last = Math.max(...own.map(({ superstep }) => superstep));
  // The task of a map that waits for its runs says so and nothing more; the map's next line is another task's.
  const saysNoMore = span === "map" && own.every(({ status }) => status === "waiting");
  return (
    (saysNoMore
      ? lines.find(({ superstep, status }) => superstep > last && status !== "waiting")?.superstep
      : undefined) ?? last
  );
}

/** Each task of a simple step is one time; tasks of an agent or a map that follow one another, or overlap, are one. */
function findBeginnings(stretches: readonly Stretch[], span: Span): readonly number[] {
  const inOrder = stretches.toSorted((a, b) => a.from - b.from);
  if (span === "one") return [...new Set(inOrder.map(({ from }) => from))];
  const beginnings: number[] = [];
  let reached = -2;
  for (const { from, to } of inOrder) {
    if (from > reached + 1) beginnings.push(from);
    reached = Math.max(reached, to);
  }
  return beginnings;
}
