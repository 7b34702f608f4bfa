import type { Run, RunEvents, RunStatus, StepLog } from "#/app/api/v1/runs/contract.ts";

/** A task under way, with what its model has written so far. */
export interface LiveTask {
  readonly taskId: string;
  readonly step: string;
  readonly attempt: number;
  readonly text: string;
}

/** What is known of a run while it is followed. */
export interface Progress {
  readonly run: Run;
  /** In the order in which they were committed. */
  readonly steps: readonly StepLog[];
  readonly live: readonly LiveTask[];
  /** Nothing more will come. */
  readonly ended: boolean;
}

export type ProgressEvent = { readonly [Name in keyof RunEvents]: { readonly type: Name; readonly data: RunEvents[Name] } }[keyof RunEvents];

const FINAL: ReadonlySet<RunStatus> = new Set(["succeeded", "failed", "timed_out", "cancelled"]);

export function isFinal(status: RunStatus): boolean {
  return FINAL.has(status);
}

export function startProgress(run: Run, steps: readonly StepLog[]): Progress {
  return { run, steps, live: [], ended: isFinal(run.status) };
}

/** Takes one event in. Events may come again after a reconnection; then they change nothing. */
export function applyEvent(progress: Progress, event: ProgressEvent): Progress {
  switch (event.type) {
    case "run":
      return { ...progress, run: event.data, live: isFinal(event.data.status) ? [] : progress.live, ended: progress.ended && isFinal(event.data.status) };
    case "step":
      return withStep(progress, event.data);
    case "started":
      return isSettled(progress, event.data.taskId) ? progress : { ...progress, live: [...without(progress.live, event.data.taskId), { ...event.data, text: "" }] };
    case "delta":
      return isSettled(progress, event.data.taskId) ? progress : { ...progress, live: withText(progress.live, event.data) };
    case "end":
      return { ...progress, live: [], ended: true };
  }
}

function withStep(progress: Progress, step: StepLog): Progress {
  const live = without(progress.live, step.taskId);
  if (progress.steps.some(({ seq }) => seq === step.seq)) return { ...progress, live };
  return { ...progress, live, steps: [...progress.steps, step].toSorted((a, b) => a.seq - b.seq) };
}

/** Live output of a task whose end is known already is an echo. */
function isSettled({ steps }: Progress, taskId: string): boolean {
  return steps.some((step) => step.taskId === taskId && (step.status === "succeeded" || step.status === "failed"));
}

const without = (live: readonly LiveTask[], taskId: string) => live.filter((task) => task.taskId !== taskId);

function withText(live: readonly LiveTask[], { taskId, step, text }: RunEvents["delta"]): readonly LiveTask[] {
  const known = live.some((task) => task.taskId === taskId);
  if (!known) return [...live, { taskId, step, attempt: 1, text }];
  return live.map((task) => (task.taskId === taskId ? Object.assign({}, task, { text: task.text + text }) : task));
}
