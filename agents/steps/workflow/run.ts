import * as v from "valibot";
import { checkInput } from "#/agents/definition/schema/input.ts";
import type { WorkflowStep } from "#/agents/steps/workflow/type.ts";
import { resolve } from "#/agents/definition/expression/template.ts";
import { runChild } from "#/agents/steps/child-run.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";
import { chooseShorter } from "#/agents/steps/within-time.ts";
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
  const { workflow, version } = step;
  const given = resolve(step.input, task.scope);
  const { output, input, runId } = await callWorkflow(task, { workflow, version, given });
  return { value: output, input: { workflow, input, runId } };
}

interface WorkflowCall extends Pick<WorkflowStep, "workflow" | "version"> {
  readonly given: unknown;
  /** The name in words about its failure; without it, that of `workflow`. */
  readonly toldAs?: string;
}

/** Starts a run of another workflow for a task, and waits for it. @throws Parking while it runs; StepError */
export async function callWorkflow(task: Task, call: WorkflowCall) {
  const { workflow, version, given, toldAs = workflow } = call;
  // Journaled: when the child has ended this is asked again, and the workflow may be gone by then.
  const found = await task.once(
    "workflow",
    async () => (await task.ports.workflow(workflow, version)) ?? null,
  );
  const target = v.parse(v.nullable(Target), found);
  if (!target)
    throw new StepError(
      "workflow-not-found",
      `There is no published workflow “${toldAs}”${version ? ` with version ${version}` : ""} in this workspace.`,
    );
  const { inputSchema, kind, timeoutMs, ...which } = target;
  const checked = checkInput(inputSchema, isJsonObject(given) ? given : {});
  if (!checked.ok) {
    const problems = checked.problems.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new StepError("workflow-input", `The input of “${toldAs}” does not fit: ${problems}`);
  }
  const run = {
    agentType: kind,
    ...which,
    input: checked.input,
    timeoutMs: chooseShorter(timeoutMs, task.timeLimitMs),
  };
  return { ...runChild(task, run, toldAs), input: checked.input };
}
