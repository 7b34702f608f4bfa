import { canonicalJson } from "#/lib/canonical-json.ts";
import { readFacts } from "../_panel/step-facts.ts";
import type { TimelineGroup } from "../timeline.ts";

const PARTS = ["status", "input", "output", "error"] as const;
export type VisitPart = (typeof PARTS)[number];

/** The same visit to a step in two runs; undefined in a run that has not made it. */
export interface VisitPair {
  readonly key: string;
  readonly step: string;
  readonly one: TimelineGroup | undefined;
  readonly other: TimelineGroup | undefined;
  /** The parts in which they differ; empty where a run has not made the visit. */
  readonly differences: readonly VisitPart[];
}

/** Pairs the visits of two runs: the nth of a step with the nth. They come in the order of the first run, those of the other alone behind what they followed there. */
export function pairVisits(
  one: readonly TimelineGroup[],
  other: readonly TimelineGroup[],
): readonly VisitPair[] {
  const ours = nameVisits(one);
  const theirs = nameVisits(other);
  const added = findAdded([...theirs.keys()], ours);
  const names = [undefined, ...ours.keys()].flatMap((name) =>
    (name === undefined ? [] : [name]).concat(added.get(name) ?? []),
  );
  return names.map((name) => toPair(name, ours.get(name), theirs.get(name)));
}

/** Finds the other run's own visits, by the last visit before them that both runs have made. */
function findAdded(
  names: readonly string[],
  ours: ReadonlyMap<string, unknown>,
): ReadonlyMap<string | undefined, readonly string[]> {
  let shared: string | undefined;
  const placed = names.map((name) => {
    shared = ours.has(name) ? name : shared;
    return { name, after: shared };
  });
  const own = Map.groupBy(
    placed.filter(({ name }) => !ours.has(name)),
    ({ after }) => after,
  );
  return new Map([...own].map(([after, visits]) => [after, visits.map(({ name }) => name)]));
}

function nameVisits(visits: readonly TimelineGroup[]): ReadonlyMap<string, TimelineGroup> {
  const counts = new Map<string, number>();
  const named = visits.map((visit) => {
    const count = (counts.get(visit.step) ?? 0) + 1;
    counts.set(visit.step, count);
    return [`${visit.step} ${count}`, visit] as const;
  });
  return new Map(named);
}

function toPair(key: string, one: TimelineGroup | undefined, other: TimelineGroup | undefined): VisitPair {
  const step = one?.step ?? other?.step ?? "";
  if (!one || !other) return { key, step, one, other, differences: [] };
  const [before, now] = [readParts(one), readParts(other)];
  const differences = PARTS.filter((part) => canonicalJson(before[part]) !== canonicalJson(now[part]));
  return { key, step, one, other, differences };
}

/** The parts of a visit that can differ. */
export function readParts(visit: TimelineGroup): Readonly<Record<VisitPart, unknown>> {
  const facts = readFacts({ subject: { kind: "visit", group: visit } });
  return {
    status: visit.status,
    input: facts?.input ?? null,
    output: facts?.output ?? null,
    error: facts?.error ?? null,
  };
}
