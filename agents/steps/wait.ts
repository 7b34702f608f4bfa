import { interrupt } from "@langchain/langgraph";
import { parseDuration } from "#/agents/definition/duration.ts";
import type { PlanStep } from "#/agents/definition/plan.ts";
import { resolve } from "#/agents/definition/template.ts";
import type { Wait } from "#/agents/engine/run.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** Holds the run for a duration. No process waits: the run is parked and a timer wakes it. */
export async function runWait(step: Extract<PlanStep, { type: "wait" }>, task: Task): Promise<StepResult> {
  const duration = resolve(step.for, task.scope);
  const dueInMs = parse(duration);
  const value: unknown = interrupt<Omit<Wait, "id">>({ kind: "timer", step: task.step, dueInMs, dueValue: { waitedMs: dueInMs } });
  return { value, input: { for: duration } };
}

function parse(duration: unknown): number {
  try {
    return parseDuration(typeof duration === "number" ? duration : String(duration));
  } catch (cause) {
    throw new StepError("bad-duration", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
