import type { RunEvents } from "#/operations/runs/live/events.ts";

type Started = RunEvents["started"];
type Delta = RunEvents["delta"];
export type ToolActivity = RunEvents["tool"];
type SetAside = RunEvents["aside"];
type LiveEvent = Started | Delta | ToolActivity | SetAside;

/** A task under way: what its model has written so far, and the tool it calls. */
export interface LiveTask {
  readonly taskId: string;
  readonly step: string;
  /** Counts who had the run in hand. What was written under a lower one is void. */
  readonly epoch: number;
  readonly attempt: number;
  readonly startedAt: string | undefined;
  readonly text: string;
  readonly tool: ToolCall | undefined;
  /** The most that its model call may use. */
  readonly aside: Pick<SetAside, "tokens" | "costUsd"> | undefined;
}

export interface ToolCall {
  readonly name: string;
  readonly input: unknown;
  readonly state: ToolActivity["state"];
  /** The tool's progress, where it tells of it. */
  readonly progress?: Progress | undefined;
}

export type Progress = Pick<Extract<ToolActivity, { state: "working" }>, "progress" | "total" | "message">;

type LiveTasks = readonly LiveTask[];

/** A task has begun, or begun anew. The same start may be told again. */
export function withStart(live: LiveTasks, event: Started): LiveTasks {
  return change(live, event, (task) =>
    task.startedAt === event.startedAt
      ? task
      : { ...blank(event), attempt: event.attempt, startedAt: event.startedAt },
  );
}

/** A piece of text. What is there already changes nothing; what would leave a hole is not shown, for the whole text comes with the step. */
export function withText(live: LiveTasks, event: Delta): LiveTasks {
  return change(live, event, (task) => {
    const from = task.text.length - event.offset;
    return from < 0 || from >= event.text.length
      ? task
      : { ...task, text: task.text + event.text.slice(from) };
  });
}

export function withTool(live: LiveTasks, event: ToolActivity): LiveTasks {
  return change(live, event, (task) => {
    const input = event.state === "started" ? event.input : task.tool?.input;
    const progress = event.state === "working" ? event : undefined;
    return { ...task, tool: { name: event.tool, input, state: event.state, progress } };
  });
}

/** A call has its money. The next one of the same task comes when this one is over. */
export function withAside(live: LiveTasks, event: SetAside): LiveTasks {
  const { tokens, costUsd } = event;
  return change(live, event, (task) => ({ ...task, aside: { tokens, costUsd } }));
}

/** Changes the task that the event is about. A later epoch finds it blank; an earlier one has nothing to say. */
function change(live: LiveTasks, event: LiveEvent, how: (task: LiveTask) => LiveTask): LiveTasks {
  const known = live.find(({ taskId }) => taskId === event.taskId);
  if (!known) return [...live, how(blank(event))];
  if (known.epoch > event.epoch) return live;
  return live.map((task) => (task === known ? how(known.epoch < event.epoch ? blank(event) : known) : task));
}

function blank({ taskId, step, epoch }: LiveEvent): LiveTask {
  return {
    taskId,
    step,
    epoch,
    attempt: 1,
    startedAt: undefined,
    text: "",
    tool: undefined,
    aside: undefined,
  };
}
