import { parseDuration } from "#/agents/definition/format/duration.ts";
import { parseMoment } from "#/agents/definition/format/moment.ts";
import type { WaitStep } from "#/agents/steps/wait/type.ts";
import { renderText, resolve } from "#/agents/definition/expression/template.ts";
import type { Wait } from "#/agents/engine/run.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** Holds the run for a duration, until a moment, or until an event. No process waits: the run is parked and woken. @throws Parking, StepError */
export async function runWait(step: WaitStep, task: Task): Promise<StepResult> {
  const { request, input } = buildRequest(step, task);
  const value: unknown = task.wait({ ...request, step: task.step });
  return { value, input };
}

/** As long as the key of an event can be where it is sent. */
const LONGEST_KEY = 200;

interface Request {
  readonly request: Omit<Wait, "id" | "step">;
  readonly input: unknown;
}

function buildRequest(step: WaitStep, task: Task): Request {
  if (step.event) return eventRequest(step.event, task);
  if (step.until !== undefined)
    return timerRequest(task, { until: readMoment(resolve(step.until, task.scope)) });
  return timerRequest(task, { for: resolve(step.for, task.scope) });
}

function eventRequest({ key, timeout }: NonNullable<WaitStep["event"]>, task: Task): Request {
  const name = renderText(key, task.scope);
  if (name === "") throw new StepError("bad-key", "The key of the event is empty.");
  if (name.length > LONGEST_KEY)
    throw new StepError(
      "bad-key",
      `The key of the event has ${name.length} characters; it can have ${LONGEST_KEY}, as the event that is sent.`,
    );
  const dueInMs = timeout && parseDuration(timeout.after);
  const late = timeout && {
    dueInMs,
    dueValue: {
      timedOut: true,
      ...(timeout.value !== undefined && { value: resolve(timeout.value, task.scope) }),
    },
  };
  return {
    request: { kind: "event", key: name, ...late },
    input: { event: name, ...(timeout && { after: timeout.after }) },
  };
}

function timerRequest(task: Task, input: { readonly for: unknown } | { readonly until: Date }): Request {
  const dueInMs =
    "until" in input ? Math.max(0, input.until.getTime() - task.ports.now()) : readDuration(input.for);
  return { request: { kind: "timer", dueInMs, dueValue: { waitedMs: dueInMs } }, input };
}

const readMoment = (moment: unknown) => new Date(told("bad-moment", () => parseMoment(moment)));
const readDuration = (duration: unknown) =>
  told("bad-duration", () => parseDuration(typeof duration === "number" ? duration : String(duration)));

/** Reads a value, or fails the step under a code of its own. */
function told<T>(code: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof RangeError ? new StepError(code, cause.message, { cause }) : cause;
  }
}
