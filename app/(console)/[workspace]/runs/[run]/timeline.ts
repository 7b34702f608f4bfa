import type { StepLog } from "#/operations/runs/contract.ts";
import type { LiveTask } from "./live-tasks.ts";
import type { Progress } from "./progress.ts";

/** One task of a step: its tries in order, and what it is writing now. */
export interface TimelineTask {
  readonly taskId: string;
  readonly tries: readonly StepLog[];
  readonly live: LiveTask | undefined;
}

/** One visit of the run to a step: an agent's model and tool calls together. */
export interface TimelineGroup {
  readonly key: string;
  readonly step: string;
  readonly status: string;
  readonly tasks: readonly TimelineTask[];
  readonly durationMs: number;
}

interface Visit {
  readonly step: string;
  readonly logs: StepLog[];
  readonly live: LiveTask[];
}

/** Groups what a run did by the visits to its steps, in order. A step that is visited again later is a new group. */
export function buildTimeline({
  steps,
  live,
  ended,
}: Pick<Progress, "steps" | "live" | "ended">): readonly TimelineGroup[] {
  const visits: Visit[] = [];
  const byTask = new Map<string, Visit>();
  for (const log of steps) {
    const visit = byTask.get(log.taskId) ?? openVisit(visits, log);
    visit.logs.push(log);
    byTask.set(log.taskId, visit);
  }
  for (const task of live) addLive(visits, task);
  return visits.map((visit, index) => toGroup(visit, index, ended));
}

/** The visit that a task's first line belongs to: the one before, or another. */
function openVisit(visits: Visit[], log: StepLog): Visit {
  const visit = visits.findLast(({ step }) => step === log.step);
  const before = visit?.logs.at(-1);
  // The supersteps of one visit follow each other; a gap means that the run went elsewhere in between, unless the step waited: a map for its runs.
  if (
    visit &&
    before &&
    (log.superstep - before.superstep <= 1 || (UNFINISHED.has(before.status) && log.status !== "waiting"))
  )
    return visit;
  const another = { step: log.step, logs: [], live: [] };
  visits.push(another);
  return another;
}

function addLive(visits: Visit[], task: LiveTask): void {
  const visit = visits.findLast(({ step }) => step === task.step);
  const isLastVisit = visit !== undefined && visits.indexOf(visit) >= visits.length - 1;
  const knowsTask = visit?.logs.some(({ taskId }) => taskId === task.taskId) ?? false;
  if (visit && (isLastVisit || knowsTask)) visit.live.push(task);
  else visits.push({ step: task.step, logs: [], live: [task] });
}

/** A task that still waits when its run has ended will never continue. */
const UNFINISHED: ReadonlySet<string> = new Set(["waiting", "retrying"]);

/** Reads how a line of the log ended. A decision has succeeded as a step, or failed where it ends the run; people ask what was decided. */
export function readEnding({ status, kind, output, error }: StepLog): string {
  const isNo =
    typeof output === "object" && output !== null && "action" in output && output.action === "reject";
  return kind === "approval" && (isNo || error?.code === "rejected") ? "rejected" : status;
}

function toGroup({ step, logs, live }: Visit, index: number, ended: boolean): TimelineGroup {
  const newest = findOpenLine(step, logs) ?? logs.at(-1);
  const last = newest ? readEnding(newest) : "pending";
  const tries = Map.groupBy(logs, ({ taskId }) => taskId);
  const atWork = new Map(live.map((task) => [task.taskId, task]));
  const tasks = [...new Set([...tries.keys(), ...atWork.keys()])].map((taskId) => ({
    taskId,
    tries: tries.get(taskId) ?? [],
    live: atWork.get(taskId),
  }));
  return {
    key: `${index}-${step}`,
    step,
    tasks,
    status: live.length > 0 ? "running" : orCancelled(last, ended),
    durationMs: sumDurations(logs),
  };
}

/** Reads how a task stands, and how long it took, all tries together. */
export function readTask(
  { tries, live }: TimelineTask,
  ended: boolean,
): Pick<TimelineGroup, "status" | "durationMs"> {
  const last = tries.at(-1);
  const status = live || !last ? "running" : readEnding(last);
  return { status: orCancelled(status, ended), durationMs: sumDurations(tries) };
}

const orCancelled = (status: string, ended: boolean) =>
  ended && UNFINISHED.has(status) ? "cancelled" : status;

const sumDurations = (logs: readonly StepLog[]) =>
  logs.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);

/** The line of a task that still waits, though others of the visit have continued. The task in which a map waits for its runs has no other line: it is over when the map's next task is. */
function findOpenLine(step: string, logs: readonly StepLog[]): StepLog | undefined {
  const isOver = (log: StepLog, index: number) =>
    logs
      .slice(index + 1)
      .some(
        ({ taskId, status }) =>
          taskId === log.taskId ||
          (isWhole(step, log) && isWhole(step, { taskId }) && !UNFINISHED.has(status)),
      );
  return logs.findLast((log, index) => UNFINISHED.has(log.status) && !isOver(log, index));
}

/** Returns whether a task is the step's own, and not a call of an agent or an item of a map: its id ends with the step's. */
const isWhole = (step: string, { taskId }: Pick<StepLog, "taskId">) => taskId.endsWith(`.${step}`);

/** The state of each step by its name, for the map: of several visits the last one counts. */
export function stepStates(groups: readonly TimelineGroup[]): ReadonlyMap<string, TimelineGroup> {
  return new Map(groups.map((group) => [group.step, group]));
}
