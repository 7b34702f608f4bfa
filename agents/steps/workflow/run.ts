import * as v from "valibot";
import { parseDuration } from "#/agents/definition/format/duration.ts";
import { checkInput } from "#/agents/definition/schema/input.ts";
import type { WorkflowStep } from "#/agents/steps/workflow/type.ts";
import { resolve } from "#/agents/definition/expression/template.ts";
import { runChild } from "#/agents/steps/child-run.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";
import { isJsonObject } from "#/lib/json-object.ts";

const Target = v.object({
  workflowId: v.string(),
  versionId: v.string(),
  version: v.number(),
  kind: v.string(),
  inputSchema: v.optional(v.record(v.string(), v.unknown())),
  timeoutMs: v.optional(v.number()),
});

/** Runs another workflow and waits for it. The value is its output. @throws Parking while it runs; StepError */
export async function runWorkflow(step: WorkflowStep, task: Task): Promise<StepResult> {
  const given = resolve(step.input, task.scope);
  // Journaled: when the child has ended this is asked again, and the workflow may be gone by then.
  const found = await task.once(
    "workflow",
    async () => (await task.ports.workflow(step.workflow, step.version)) ?? null,
  );
  const target = v.parse(v.nullable(Target), found);
  if (!target)
    throw new StepError(
      "workflow-not-found",
      `There is no published workflow “${step.workflow}”${step.version ? ` with version ${step.version}` : ""} in this workspace.`,
    );
  const { inputSchema, kind, timeoutMs, ...version } = target;
  const checked = checkInput(inputSchema, isJsonObject(given) ? given : {});
  if (!checked.ok) {
    const problems = checked.problems.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new StepError("workflow-input", `The input of “${step.workflow}” does not fit: ${problems}`);
  }
  const run = {
    agentType: kind,
    ...version,
    input: checked.input,
    timeoutMs: shorter(timeoutMs, step.timeout),
  };
  const { output, runId } = runChild(task, run, step.workflow);
  return { value: output, input: { workflow: step.workflow, input: checked.input, runId } };
}

/** The step's time limit and that of the workflow. */
function shorter(limitMs: number | undefined, timeout: string | undefined): number | undefined {
  if (timeout === undefined) return limitMs;
  return Math.min(limitMs ?? Infinity, parseDuration(timeout));
}
