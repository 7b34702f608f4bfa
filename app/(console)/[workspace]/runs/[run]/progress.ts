import { isEnded } from "#/agents/vocabulary/run.ts";
import type { Run, StepLog } from "#/operations/runs/contract.ts";
import type { RunEvents } from "#/operations/runs/live/events.ts";
import { applyBelow, type Below, type BelowEvent, NOTHING_BELOW } from "./below.ts";
import { type LiveTask, withAside, withStart, withText, withTool } from "./live-tasks.ts";

/** Everything known of a run while it is followed. */
export interface Progress {
  readonly run: Run;
  /** In the order in which they were committed. */
  readonly steps: readonly StepLog[];
  readonly live: readonly LiveTask[];
  readonly below: Below;
  /** Nothing more will come. */
  readonly ended: boolean;
}

type OwnName = Exclude<keyof RunEvents, "child" | "childStep" | "childrenBeyond" | "refused">;
type OwnEvent = {
  readonly [Name in OwnName]: { readonly type: Name; readonly data: RunEvents[Name] };
}[OwnName];
export type ProgressEvent = OwnEvent | BelowEvent;

/** The last moment of the run that is known, by the server's clock. */
export function seenAt({ steps }: Pick<Progress, "steps">): string | null {
  return steps.reduce<string | null>((last, { at }) => (last === null || at > last ? at : last), null);
}

export function startProgress(run: Run, steps: readonly StepLog[]): Progress {
  return { run, steps, live: [], below: NOTHING_BELOW, ended: isEnded(run.status) };
}

/** Changes whenever a question of the run may have been asked or answered: a run asks and continues beside it, and says so in its log only. */
export function approvalMoment({ status, step }: Run, steps: readonly StepLog[]): string {
  return `${status} ${step} ${steps.filter((line) => line.status === "waiting").length}`;
}

/** Takes events in, in their order. Events may come again after a reconnection; then they change nothing. */
export function applyEvents(progress: Progress, events: readonly ProgressEvent[]): Progress {
  const own = events.filter((event) => !isBelow(event));
  const below = applyBelow(progress.below, events.filter(isBelow));
  return own.reduce(applyOwn, below === progress.below ? progress : { ...progress, below });
}

const isBelow = (event: ProgressEvent): event is BelowEvent =>
  event.type === "child" || event.type === "childStep";

/** Takes one event in. */
export const applyEvent = (progress: Progress, event: ProgressEvent): Progress =>
  applyEvents(progress, [event]);

function applyOwn(progress: Progress, event: OwnEvent): Progress {
  switch (event.type) {
    case "run":
      return withRun(progress, event.data);
    case "account":
      return { ...progress, run: { ...progress.run, account: event.data } };
    case "step":
      return withStep(progress, event.data);
    case "end":
      return { ...progress, live: [], ended: true };
    case "started":
    case "delta":
    case "tool":
    case "aside":
      return { ...progress, live: liveAfter(progress, event) };
  }
}

function withRun(progress: Progress, run: Run): Progress {
  const isDone = isEnded(run.status);
  return { ...progress, run, live: isDone ? [] : progress.live, ended: progress.ended && isDone };
}

function liveAfter(
  progress: Progress,
  event: Extract<OwnEvent, { type: "started" | "delta" | "tool" | "aside" }>,
): readonly LiveTask[] {
  const { live } = progress;
  if (event.type === "started") return isEcho(progress, event.data) ? live : withStart(live, event.data);
  if (isOver(progress, event.data)) return live;
  if (event.type === "delta") return withText(live, event.data);
  return event.type === "tool" ? withTool(live, event.data) : withAside(live, event.data);
}

function withStep(progress: Progress, step: StepLog): Progress {
  const live = without(progress.live, step.taskId);
  const { steps } = progress;
  // As a rule a line is newer than all that are there: a log of thousands is not looked through for each.
  if (step.seq > (steps.at(-1)?.seq ?? 0)) return { ...progress, live, steps: [...steps, step] };
  if (steps.some(({ seq }) => seq === step.seq)) return { ...progress, live };
  return { ...progress, live, steps: [...steps, step].toSorted((a, b) => a.seq - b.seq) };
}

/** The start of a try that the log knows already. A failed run may be retried: then the same task begins again, later. */
function isEcho({ steps }: Progress, { taskId, startedAt }: RunEvents["started"]): boolean {
  return steps.some((step) => step.taskId === taskId && (step.startedAt ?? step.at) >= startedAt);
}

/** The task is in the log and has not begun anew. */
function isOver({ steps, live }: Progress, { taskId }: { readonly taskId: string }): boolean {
  return live.every((task) => task.taskId !== taskId) && steps.some((step) => step.taskId === taskId);
}

const without = (live: readonly LiveTask[], taskId: string) => live.filter((task) => task.taskId !== taskId);
