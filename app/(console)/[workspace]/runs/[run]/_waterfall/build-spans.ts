import type { Outline, OutlineNode } from "#/agents/definition/outline/outline.ts";
import { isEnded, type RunStatus } from "#/agents/vocabulary/run.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import { toLabel } from "#/lib/label.ts";
import type { RunSummary, StepLog } from "#/operations/runs/contract.ts";
import { readEnding, type TimelineGroup, type TimelineTask } from "../timeline.ts";
import { nestMembers } from "./crew-spans.ts";
import { foldLoops } from "./loop-spans.ts";
import { type Bar, hullOf, type Span, type Stretch } from "./span.ts";
import { drawTask } from "./task-bars.ts";

export interface Trace {
  readonly groups: readonly TimelineGroup[];
  /** The runs that the run has started. */
  readonly children: readonly RunSummary[];
  readonly outline: Outline;
  readonly status: RunStatus;
  /** Now; of a run that has ended, its end. */
  readonly until: number;
}

/** Everything a run did as lines with bars, nested: loops, visits to steps, an agent's calls, a crew's members, runs that were started. */
export function buildSpans(trace: Trace): readonly Span[] {
  const steps = new Map(trace.outline.nodes.map((node) => [node.id, node]));
  const started = Map.groupBy(trace.children, startedBy);
  const last = new Map(trace.groups.map((group) => [group.step, group]));
  const visits = trace.groups.map((group) => {
    const runs = last.get(group.step) === group ? (started.get(group.step) ?? []) : [];
    return drawVisit(group, { ...trace, step: steps.get(group.step), runs });
  });
  const missed = trace.outline.nodes.filter(({ id }) => !last.has(id)).map((node) => drawMissed(node, trace));
  return [...foldLoops(visits, trace.outline), ...missed];
}

/** The step that a run was started by. */
export function startedBy({ trigger, part }: RunSummary): string {
  const { step } = trigger;
  return part?.step.split("/").at(-1) ?? (typeof step === "string" ? step : "");
}

/** The word for a step that a run has not been to. */
export function wordForMissed(status: RunStatus): string {
  if (status === "succeeded") return "skipped";
  return isEnded(status) ? "unreached" : "pending";
}

function drawMissed({ id, title }: OutlineNode, { status }: Trace): Span {
  return {
    key: `step-${id}`,
    name: title,
    note: undefined,
    status: wordForMissed(status),
    time: undefined,
    bars: [],
    children: [],
    subject: { kind: "step", step: id },
  };
}

interface Visit extends Trace {
  readonly step: OutlineNode | undefined;
  readonly runs: readonly RunSummary[];
}

function drawVisit(group: TimelineGroup, visit: Visit): Span {
  const tasks = group.tasks.map((task) => drawOne(task, group, visit));
  const runs = visit.runs.map((run) => drawRun(run, visit));
  const name = visit.step?.title ?? toLabel(group.step);
  const only = tasks.length === 1 && runs.length === 0 ? tasks[0] : undefined;
  const subject = { kind: "visit", group } as const;
  if (only) return { ...only, key: group.key, name, note: noteVisit(group), status: group.status, subject };
  const children = runs.length > 0 ? runs : nestMembers(tasks);
  const time = hullOf([...tasks, ...runs].flatMap((span) => span.time ?? []));
  const bars: readonly Bar[] = time ? [{ look: "group", ...time }] : [];
  return {
    key: group.key,
    name,
    note: noteVisit(group),
    status: group.status,
    time,
    bars,
    children,
    subject,
  };
}

function drawOne(task: TimelineTask, group: TimelineGroup, { until, status }: Visit): Span {
  const bars = drawTask(task, { until, ended: isEnded(status) });
  return {
    key: task.taskId,
    name: nameTask(task),
    note: noteTries(task),
    status: readState(task),
    time: hullOf(bars),
    bars,
    children: [],
    subject: { kind: "task", group, task },
  };
}

/** A run that was created for a step: its own lines are read when somebody opens it. One in the queue has not begun. */
function drawRun(run: RunSummary, { until }: Visit): Span {
  const look = run.status === "failed" || run.status === "timed_out" ? "failed" : "group";
  const time = run.startedAt === null ? undefined : stretchOf(run.startedAt, run.finishedAt, until);
  return {
    key: run.id,
    name: run.part ? `Item ${run.part.index + 1}` : (run.workflowName ?? "Deleted workflow"),
    note: undefined,
    status: run.rejected ? "rejected" : run.status,
    time,
    bars: time ? [{ look, ...time }] : [],
    children: [],
    subject: { kind: "run", run },
  };
}

function stretchOf(startedAt: string, finishedAt: string | null, until: number): Stretch {
  const from = Date.parse(startedAt);
  return { from, to: Math.max(from, finishedAt === null ? until : Date.parse(finishedAt)) };
}

const NAMES: Readonly<Record<StepLog["kind"], string>> = {
  model: "Model call",
  tool: "Tool call",
  approval: "Decision",
  step: "Step",
  run: "Run",
};

/** The tool, the model, or the kind of thing that a task is. */
function nameTask({ tries, live }: TimelineTask): string {
  const last = tries.at(-1);
  if (!last) return live?.tool?.name ?? "At work";
  return readTool(last.input) ?? last.model ?? NAMES[last.kind];
}

function readTool(input: unknown): string | undefined {
  return isJsonObject(input) && typeof input["tool"] === "string" ? input["tool"] : undefined;
}

function readState({ tries, live }: TimelineTask): string {
  const last = tries.at(-1);
  return live || !last ? "running" : readEnding(last);
}

function noteTries({ tries, live }: TimelineTask): string | undefined {
  const tried = Math.max(live?.attempt ?? 0, ...tries.slice(-1).map(({ attempt }) => attempt));
  return tried > 1 ? `try ${tried}` : undefined;
}

/** The model of a single call, or how many turns an agent took. */
function noteVisit({ tasks }: TimelineGroup): string | undefined {
  const lines = tasks.flatMap(({ tries }) => tries.slice(-1));
  const turns = lines.filter(({ kind }) => kind === "model");
  if (lines.some(({ reused }) => reused) && lines.every(({ reused }) => reused)) return "reused";
  if (tasks.length === 1) return (tasks[0] && noteTries(tasks[0])) ?? turns[0]?.model ?? undefined;
  return turns.length > 0 ? `${turns.length} ${turns.length === 1 ? "turn" : "turns"}` : undefined;
}
