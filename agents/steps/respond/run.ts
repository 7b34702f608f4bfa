import type { RespondStep } from "#/agents/steps/respond/type.ts";
import { responseHeaderProblem } from "#/agents/steps/respond/headers.ts";
import { renderText, resolve } from "#/agents/definition/expression/template.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** Says what the caller of the webhook gets. The first answer of a run counts; the run continues. */
export async function runRespond(step: RespondStep, task: Task): Promise<StepResult> {
  const headers = Object.fromEntries(
    Object.entries(step.headers).map(([name, value]) => [name.toLowerCase(), renderText(value, task.scope)]),
  );
  for (const [name, value] of Object.entries(headers)) {
    const problem = responseHeaderProblem(name, value);
    if (problem !== undefined) throw new StepError("invalid-response", problem);
  }
  const response = { status: step.status, headers, body: resolve(step.body, task.scope) ?? null };
  return { value: response, response };
}
