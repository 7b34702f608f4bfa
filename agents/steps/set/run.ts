import { resolve } from "#/agents/definition/expression/template.ts";
import type { SetStep } from "#/agents/steps/set/type.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** Fills the values in. */
export async function runSet({ values }: SetStep, { scope }: Pick<Task, "scope">): Promise<StepResult> {
  return { value: resolve(values, scope) };
}
