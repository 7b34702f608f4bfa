import { outlineBody } from "#/agents/definition/outline/outline.ts";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { lookOf } from "#/app/_ui/status-badge.tsx";
import type { RunSummary, StepLog } from "#/operations/runs/contract.ts";
import { startedBy } from "../../../runs/[run]/_waterfall/build-spans.ts";
import { buildTimeline } from "../../../runs/[run]/timeline.ts";
import { readOutline, type StepResult, type StepResults } from "./step-results.ts";

/** The runs that a run has started, and what is to be seen of them. */
export interface Started {
  /** The definition of the run that has started them. */
  readonly definition: unknown;
  readonly children: readonly RunSummary[];
  /** There are more children than these. */
  readonly isCut: boolean;
  /** The places of the items that somebody has chosen, by their maps. */
  readonly chosen: ReadonlyMap<string, number>;
  /** The logs of the items that are shown, by their runs. */
  readonly logs: ReadonlyMap<string, readonly StepLog[]>;
  readonly onChoose: (map: string, index: number) => void;
  readonly linkTo: (runId: string) => string;
}

/** Lists the item that is shown of each map. */
export function listShownItems(
  children: readonly RunSummary[],
  chosen: ReadonlyMap<string, number>,
): readonly RunSummary[] {
  const byMap = Map.groupBy(children.filter(isItem), startedBy);
  return [...byMap].flatMap(([map, items]) => pickItem(items, chosen.get(map)) ?? []);
}

const isItem = ({ part }: RunSummary): boolean => part !== null;
const UNDER_WAY: ReadonlySet<string> = new Set(["running", "retrying", "waiting", "paused"]);
const FAILED: ReadonlySet<string> = new Set(["failed", "timed_out"]);

/** An item of a map: a run of its own, or what the run has done itself. */
interface Item {
  readonly status: string;
  readonly part: { readonly index: number } | null;
}

/** The item that was chosen; else one that failed, one that is under way, or the first. */
export function pickItem<One extends Item>(
  items: readonly One[],
  index: number | undefined,
): One | undefined {
  return (
    items.find(({ part }) => part?.index === index) ??
    items.find(({ status }) => FAILED.has(status)) ??
    items.find(({ status }) => UNDER_WAY.has(status)) ??
    items[0]
  );
}

/** Says how items stand: "3 of 5 done, 1 failed". */
export function countItems(items: readonly Pick<Item, "status">[], isCut: boolean): string {
  const done = items.filter(({ status }) => status === "succeeded").length;
  const others = Map.groupBy(
    items.filter(({ status }) => status !== "succeeded"),
    ({ status }) => lookOf(status).label.toLowerCase(),
  );
  const rest = [...others].map(([label, ones]) => `${ones.length} ${label}`);
  return [`${done} of ${items.length}${isCut ? "+" : ""} done`, ...rest].join(", ");
}

/** Adds what the items of maps and the runs that were started have done: counts to maps, the shown item's results to the steps inside, and the way to a child run. */
export function addChildren(results: StepResults, started: Started): StepResults {
  const all = new Map(results);
  const runs = Map.groupBy(started.children, startedBy);
  for (const [step, result] of results) {
    const theirs = runs.get(step) ?? [];
    const items = theirs.filter(isItem);
    // A map that is gone through again may have items with runs from before.
    if (result.items) for (const [id, one] of readOwnItems(step, result, started)) all.set(id, one);
    else if (items.length > 0)
      for (const [id, one] of readMap({ step, result, items }, started)) all.set(id, one);
    else if (theirs.length > 0) all.set(step, withRun(result, theirs, started));
  }
  return all;
}

/** A step that was gone through again has started a run each time: its node tells of the last. */
function withRun(result: StepResult, runs: readonly RunSummary[], { linkTo }: Started): StepResult {
  const last = runs.toSorted((one, other) => one.createdAt.localeCompare(other.createdAt)).at(-1);
  if (!last) return result;
  const { label } = lookOf(last.status);
  const run = { href: linkTo(last.id), label: `${last.workflowName ?? "Child run"}: ${label.toLowerCase()}` };
  return { ...result, node: { ...result.node, run, line: result.node.line ?? run.label } };
}

interface MapOfRun {
  readonly step: string;
  readonly result: StepResult;
  readonly items: readonly RunSummary[];
}

function readMap({ step, result, items }: MapOfRun, started: Started): StepResults {
  const { definition, chosen, logs, isCut, onChoose, linkTo } = started;
  const shown = pickItem(items, chosen.get(step));
  if (!shown) return new Map();
  const log = logs.get(shown.id) ?? [];
  const groups = buildTimeline({ steps: log, live: [], ended: isEnded(shown.status) });
  const inside = [...readOutline(outlineBody(definition, step), groups, shown.status)].map(
    ([id, one]) => [`${step}/${id}`, Object.assign({}, one, { runId: shown.id })] as const,
  );
  const run = { href: linkTo(shown.id), label: `Item ${(shown.part?.index ?? 0) + 1}` };
  const node = { ...result.node, ...tellItems({ step, items, shown, isCut, onChoose }), run };
  return new Map<string, StepResult>([[step, { ...result, node }], ...inside]);
}

/** The one step of a map whose items have no runs stands in it under the map's own name. */
function readOwnItems(step: string, result: StepResult, { chosen, onChoose }: Started): StepResults {
  const items = result.items ?? [];
  const shown = pickItem(items, chosen.get(step));
  if (!shown) return new Map();
  const node = { ...result.node, ...tellItems({ step, items, shown, isCut: false, onChoose }) };
  return new Map([
    [step, { ...result, node }],
    [`${step}/${step}`, shown.result],
  ]);
}

interface Told extends Pick<Started, "isCut" | "onChoose"> {
  readonly step: string;
  readonly items: readonly Item[];
  readonly shown: Item;
}

const tellItems = ({ step, items, shown, isCut, onChoose }: Told) => ({
  line: countItems(items, isCut),
  items: {
    options: items.map(({ part, status }) => ({
      index: part?.index ?? 0,
      label: `${(part?.index ?? 0) + 1} · ${lookOf(status).label}`,
    })),
    chosen: shown.part?.index ?? 0,
    onChoose: (index: number) => onChoose(step, index),
  },
});
