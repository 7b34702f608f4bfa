import type { RunSummary, StepLog } from "#/operations/runs/contract.ts";
import type { RunEvents } from "#/operations/runs/live/events.ts";

/** The runs below a run as its stream has told of them since the page was opened: how each is, and lines that are new. */
export interface Below {
  readonly runs: ReadonlyMap<string, RunSummary>;
  /** In their order. Lines from before the page was opened are not among them. */
  readonly lines: ReadonlyMap<string, readonly StepLog[]>;
}

export const NOTHING_BELOW: Below = { runs: new Map(), lines: new Map() };

export type BelowEvent =
  | { readonly type: "child"; readonly data: RunEvents["child"] }
  | { readonly type: "childStep"; readonly data: RunEvents["childStep"] };

/** Takes events in, in their order: of a thousand runs that are told at once, with one copy. A line that comes again changes nothing. */
export function applyBelow(below: Below, events: readonly BelowEvent[]): Below {
  if (events.length === 0) return below;
  const [runs, lines] = [new Map(below.runs), new Map(below.lines)];
  for (const { type, data } of events) {
    if (type === "child") runs.set(data.runId, data.run);
    else lines.set(data.runId, mergeLines(lines.get(data.runId) ?? [], [data.line]));
  }
  return { runs, lines };
}

/** Joins two parts of a log, each in its order, which may overlap. */
export function mergeLines(before: readonly StepLog[], more: readonly StepLog[]): readonly StepLog[] {
  const last = before.at(-1)?.seq ?? 0;
  const [first] = more;
  if (!first || first.seq > last) return first ? [...before, ...more] : before;
  const known = new Set(before.map(({ seq }) => seq));
  const missing = more.filter(({ seq }) => !known.has(seq));
  return missing.length === 0 ? before : [...before, ...missing].toSorted((a, b) => a.seq - b.seq);
}
