import * as v from "valibot";
import type { PlanStep } from "#/agents/definition/plan.ts";
import { resolve } from "#/agents/definition/template.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { approvedInput } from "#/agents/steps/tool-approval.ts";
import { callTool } from "#/agents/steps/tool-call.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";
import { toolNamed } from "#/agents/tools/catalogue.ts";

/** One call of a tool with given input, without a model. @throws StepError */
export async function runTool(step: Extract<PlanStep, { type: "tool" }>, task: Task): Promise<StepResult> {
  const known = toolNamed(step.tool);
  if (!known) throw new StepError("unknown-tool", `There is no tool named ${step.tool}.`);
  const given = resolve(step.input, task.scope);
  const input = v.safeParse(known.input, given);
  if (!input.success) {
    throw new StepError("tool-input", `The input of ${step.tool} does not fit: ${input.issues.map((issue) => issue.message).join("; ")}`);
  }
  const value = await callTool(task, known, approvedInput(task, known, { input: input.output, policy: step.toolPolicy }));
  return { value, input: { tool: step.tool, input: given } };
}
