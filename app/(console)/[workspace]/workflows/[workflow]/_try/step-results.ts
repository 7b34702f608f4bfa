import { isEnded, type RunStatus } from "#/agents/vocabulary/run.ts";
import { type Outline, outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { formatDuration } from "#/app/_ui/format.ts";
import { lookOf } from "#/app/_ui/status-badge.tsx";
import { isJsonObject } from "#/lib/json-object.ts";
import type { StepLog } from "#/operations/runs/contract.ts";
import type { NodeState } from "../../../_canvas/node-state.ts";
import { wordForMissed } from "../../../runs/[run]/_waterfall/build-spans.ts";
import { readTask, stepStates, type TimelineGroup } from "../../../runs/[run]/timeline.ts";

/** What became of a step in a try: for its node, and whole for its properties. */
export interface StepResult {
  readonly status: string;
  readonly node: NodeState;
  /** The place of its last visit in the run; undefined when the run did not come there. */
  readonly at: string | undefined;
  readonly durationMs: number;
  readonly input: unknown;
  readonly output: unknown;
  readonly error: StepLog["error"];
  /** The run that it is of, where that is another than the one that is shown. */
  readonly runId?: string;
  /** Of a map, the items that the run has done itself: few of one call each have no runs of their own. In the order of its list. */
  readonly items?: readonly ItemResult[];
}

/** What became of an item of a map. */
interface ItemResult {
  readonly status: string;
  readonly part: { readonly index: number };
  readonly result: StepResult;
}

export type StepResults = ReadonlyMap<string, StepResult>;

/** Reads the results of a run by the steps of the definition that it ran. */
export const readResults = (
  definition: unknown,
  groups: readonly TimelineGroup[],
  status: RunStatus,
): StepResults => readOutline(outlineDefinition(definition), groups, status);

/** Reads the results of a run by the steps of a part of a definition. */
export function readOutline(
  { nodes }: Outline,
  groups: readonly TimelineGroup[],
  status: RunStatus,
): StepResults {
  const states = stepStates(groups);
  return new Map(
    nodes.map(({ id, type }) => {
      const visit = states.get(id);
      const result = visit ? readVisit(visit) : readMissed(wordForMissed(status));
      const items = visit && type === "map" ? readItems(visit, status) : [];
      return [id, items.length > 0 ? { ...result, items } : result] as const;
    }),
  );
}

function readItems(visit: TimelineGroup, status: RunStatus): readonly ItemResult[] {
  const items = visit.tasks.flatMap((task): readonly ItemResult[] => {
    const index = readIndex(visit.step, task.taskId);
    if (index === undefined) return [];
    const one = { key: visit.key, step: visit.step, tasks: [task], ...readTask(task, isEnded(status)) };
    return [{ status: one.status, part: { index }, result: readVisit(one) }];
  });
  return items.toSorted((a, b) => a.part.index - b.part.index);
}

/** The place of an item in its list ends the id of its task, behind the map's name. */
function readIndex(map: string, taskId: string): number | undefined {
  const [index, step, ...before] = taskId.split(".").toReversed();
  // The id of a task of the map itself is shorter: it ends with the map's name.
  return step === map && before.length > 1 && /^\d+$/.test(index ?? "") ? Number(index) : undefined;
}

const STARTING: ReadonlySet<string> = new Set(["map", "workflow", "crew"]);

/** Returns whether a definition has steps that start runs. */
export const startsRuns = (definition: unknown): boolean =>
  outlineDefinition(definition).nodes.some(({ type }) => STARTING.has(type));

function readMissed(status: string): StepResult {
  const { glyph, label } = lookOf(status);
  const nothing = { at: undefined, durationMs: 0, input: null, output: null, error: null };
  return { status, node: { glyph, label, line: undefined }, ...nothing };
}

function readVisit({ key, status, durationMs, tasks }: TimelineGroup): StepResult {
  const lines = tasks.flatMap(({ tries }) => tries).toSorted((a, b) => a.seq - b.seq);
  const last = lines.at(-1);
  const output = last?.output ?? null;
  const error = last?.error ?? null;
  const { glyph, label } = lookOf(status);
  return {
    status,
    node: { glyph, label, line: writeLine({ status, durationMs, error, output }) },
    at: key,
    durationMs,
    input: lines.find(({ input }) => input !== null)?.input ?? null,
    output,
    error,
  };
}

interface Told {
  readonly status: string;
  readonly durationMs: number;
  readonly error: StepLog["error"];
  readonly output: unknown;
}

/** One line below the name of a step: why it failed, or how long it took and what it gave. */
function writeLine({ status, durationMs, error, output }: Told): string | undefined {
  if (error) return error.message;
  if (status !== "succeeded" && status !== "rejected") return undefined;
  return [formatDuration(durationMs), sayValue(output)].filter(Boolean).join(" · ");
}

const LONGEST = 120;

/** Says a value in one line: a text as it is, also one that stands alone in an object; of a decision what was decided. */
export function sayValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  const [told, ...others] = isJsonObject(value) ? [value["action"] ?? Object.values(value)].flat() : [];
  if (others.length === 0 && typeof told === "string") return sayValue(told);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
