import type { PlanStep } from "#/agents/definition/plan.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

export async function runCodeStep(step: Extract<PlanStep, { type: "code" }>, _task: Task): Promise<StepResult> {
  throw new StepError("code", `${step.source.length}`);
}
