import { StepError } from "#/agents/steps/step-error.ts";
import { exchangeOnce, type ServerCall } from "#/agents/tools/mcp/exchange.ts";
import { askPeople } from "#/agents/tools/mcp/questions.ts";
import { isOver, readTask, type ToldTask } from "#/agents/tools/mcp/told-task.ts";
import type { JsonObject } from "#/lib/json-object.ts";

const SHORTEST_MS = 500;
const LONGEST_MS = 5 * 60_000;
/** Each pause is a fifth longer than the one before: these are some hours for a server that wants to be asked every second. */
const LONGER = 1.2;
const MOST_ASKED = 200;

/** A task of a server, under way. */
export interface BegunTask {
  readonly task: ToldTask;
  /** True if another run had begun the task, whose answers this one takes over. */
  readonly isTakenOver: boolean;
  /** Before the keys of what is asked about it: a run may follow a task that it has taken over, and then one of its own. */
  readonly prefix: string;
}

/** The end of a task. `gone`: it was cancelled with the run that had begun it. */
type TaskEnd = { readonly kind: "result"; readonly result: JsonObject } | { readonly kind: "gone" };

/** Comes back for the result of a task of a server. Between two looks no process waits. @throws Parking, StepError */
export async function followTask(call: ServerCall, begun: BegunTask): Promise<TaskEnd> {
  const { isTakenOver, prefix } = begun;
  let { task } = begun;
  let leftMs = call.context.timeLimitMs ?? Infinity;
  for (let asked = 0; asked < MOST_ASKED; asked += 1) {
    if (task.status === "completed") return { kind: "result", result: task.result };
    if (task.status === "cancelled" && isTakenOver) return { kind: "gone" };
    if (isOver(task)) throw ended(call, task);
    if (task.status === "input_required") await giveInput(call, task, `${prefix}input-${asked}`);
    if (leftMs <= 0) throw await stopLate(call, task, `${prefix}stop`);
    const pauseMs = Math.min(choosePause(task, asked), leftMs);
    leftMs -= pauseMs;
    call.context.wait({ kind: "timer", dueInMs: pauseMs, dueValue: null });
    task = await look(call, { ...begun, task }, `${prefix}task-${asked}`);
  }
  await stop(call, task, `${prefix}stop`);
  throw new StepError(
    "mcp-task-endless",
    `${call.chosen.server} has worked on a task for too long: ${task.taskId}.`,
  );
}

const choosePause = ({ pollIntervalMs }: ToldTask, asked: number): number =>
  Math.round(Math.min(Math.max(pollIntervalMs, SHORTEST_MS) * LONGER ** asked, LONGEST_MS));

async function look(call: ServerCall, { task, isTakenOver }: BegunTask, key: string): Promise<ToldTask> {
  const { taskId } = task;
  const got = await exchangeOnce(call, {
    key,
    method: "tasks/get",
    params: { taskId },
    effect: "read",
    // The server need not remember a task that was cancelled with another run.
    ...(isTakenOver && { ifRefused: { taskId, status: "cancelled" } }),
  });
  return readTask(call.chosen, got.kind === "result" ? got.result : {});
}

/** Ends a task that nobody comes back for. */
async function stop(call: ServerCall, { taskId }: ToldTask, key: string): Promise<void> {
  const params = { taskId };
  await exchangeOnce(call, { key, method: "tasks/cancel", params, effect: "idempotent", ifRefused: {} });
}

/** Ends a task that has had the time of its step. */
async function stopLate(call: ServerCall, task: ToldTask, key: string): Promise<StepError> {
  await stop(call, task, key);
  const { timeLimitMs = 0 } = call.context;
  return new StepError(
    "tool-timeout",
    `${call.chosen.server} was at work for longer than the ${timeLimitMs / 1000} s of the step's \`timeout\` and was told to stop: ${task.taskId}. Raise \`timeout\`, or ask for less.`,
  );
}

function ended({ chosen }: ServerCall, { status, error, statusMessage = "" }: ToldTask): StepError {
  const reason = (error?.message ?? statusMessage).slice(0, 2_000);
  return new StepError(
    "mcp-task-ended",
    `${chosen.server}: the task has ${status === "failed" ? "failed" : `been ${status}`}${reason && `: ${reason}`}.`,
  );
}

async function giveInput(call: ServerCall, { taskId, inputRequests }: ToldTask, key: string): Promise<void> {
  const inputResponses = askPeople(call, inputRequests);
  await exchangeOnce(call, {
    key,
    method: "tasks/update",
    params: { taskId, inputResponses },
    // The server takes the answer to a question once.
    effect: "idempotent",
  });
}
