/** One line of a run's log, as far as a fork looks at it. */
interface Line {
  readonly step: string;
  readonly superstep: number;
  readonly status: string;
}

/** How a step takes its supersteps: one for each time, or several in a row (an agent's turns, a map's parts). */
export type Span = "one" | "several" | "map";

/**
 * The superstep in which a step began, counted from the first time it ran.
 * @param occurrence which time, from 1; undefined: the last
 * @returns undefined when it has not run (so often)
 */
export function forkPoint(log: readonly Line[], step: string, { span, occurrence }: { readonly span: Span; readonly occurrence?: number | undefined }): number | undefined {
  const lines = log.filter((line) => line.step === step);
  const supersteps = [...new Set(lines.map((line) => line.superstep))].toSorted((a, b) => a - b);
  const beginnings = supersteps.filter((superstep, index) => span === "one" || superstep - (supersteps[index - 1] ?? -2) > 1);
  const beginning = occurrence === undefined ? beginnings.at(-1) : beginnings[occurrence - 1];
  if (beginning === undefined || span !== "map") return beginning;
  // A map that did its items side by side read its list one superstep before the first of them, and said nothing.
  const isSideBySide = lines.every((line) => line.superstep !== beginning || line.status !== "waiting");
  return isSideBySide ? Math.max(0, beginning - 1) : beginning;
}
