import * as v from "valibot";
import { StepError } from "#/agents/steps/step-error.ts";
import { exchangeOnce, type ServerCall } from "#/agents/tools/mcp/exchange.ts";
import { askPeople } from "#/agents/tools/mcp/questions.ts";
import { readResult } from "#/agents/tools/mcp/result-value.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

const Request = v.object({ method: v.string(), params: v.optional(v.custom<JsonObject>(isJsonObject), {}) });
const RemoteTask = v.looseObject({
  taskId: v.pipe(v.string(), v.minLength(1), v.maxLength(1_000)),
  status: v.picklist(["working", "input_required", "completed", "failed", "cancelled"]),
  statusMessage: v.optional(v.string()),
  pollIntervalMs: v.optional(v.number(), 1_000),
  inputRequests: v.optional(v.record(v.string(), Request), {}),
  result: v.optional(v.custom<JsonObject>(isJsonObject), {}),
  error: v.optional(v.looseObject({ message: v.optional(v.string(), "") })),
});
type RemoteTask = v.InferOutput<typeof RemoteTask>;

const SHORTEST_MS = 500;
const LONGEST_MS = 5 * 60_000;
/** Each pause is a fifth longer than the one before: these are some hours for a server that wants to be asked every second. */
const LONGER = 1.2;
const MOST_ASKED = 200;

/** Comes back for the result of a task of a server. Between two looks no process waits. @throws Parking, StepError */
export async function followTask(call: ServerCall, begun: JsonObject): Promise<unknown> {
  let task = readTask(call, begun);
  for (let asked = 0; asked < MOST_ASKED; asked += 1) {
    if (task.status === "completed") return readResult(task.result);
    if (task.status === "failed" || task.status === "cancelled") throw ended(call, task);
    if (task.status === "input_required") await giveInput(call, task, asked);
    call.context.wait({ kind: "timer", dueInMs: pauseMs(task, asked), dueValue: null });
    const { taskId } = task;
    const got = await exchangeOnce(call, {
      key: `task-${asked}`,
      method: "tasks/get",
      params: { taskId },
      effect: "read",
    });
    task = readTask(call, got.kind === "result" ? got.result : {});
  }
  throw new StepError(
    "mcp-task-endless",
    `${call.chosen.server} has worked on a task for too long: ${task.taskId}.`,
  );
}

const pauseMs = ({ pollIntervalMs }: RemoteTask, asked: number): number =>
  Math.round(Math.min(Math.max(pollIntervalMs, SHORTEST_MS) * LONGER ** asked, LONGEST_MS));

function readTask({ chosen }: ServerCall, value: JsonObject): RemoteTask {
  const read = v.safeParse(RemoteTask, value);
  if (read.success) return read.output;
  throw new StepError("mcp-error", `${chosen.server} tells of a task in a form that cannot be read.`);
}

function ended({ chosen }: ServerCall, { status, error, statusMessage = "" }: RemoteTask): StepError {
  const reason = (error?.message ?? statusMessage).slice(0, 2_000);
  return new StepError(
    "mcp-task-ended",
    `${chosen.server}: the task has ${status}${reason && `: ${reason}`}.`,
  );
}

async function giveInput(
  call: ServerCall,
  { taskId, inputRequests }: RemoteTask,
  asked: number,
): Promise<void> {
  const inputResponses = askPeople(call, inputRequests);
  await exchangeOnce(call, {
    key: `input-${asked}`,
    method: "tasks/update",
    params: { taskId, inputResponses },
    // The server takes the answer to a question once.
    effect: "idempotent",
  });
}
