import { runChild } from "#/agents/steps/child-run.ts";
import type { CrewStep } from "#/agents/steps/crew/type.ts";
import type { StepView } from "#/agents/steps/node.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** Runs a crew as a part of the definition, and waits for it. The value is `{result, tasks}`. @throws Parking while it runs; StepError */
export async function runCrew(step: CrewStep, task: Task, { id, plan }: StepView): Promise<StepResult> {
  const { workflowId, versionId, version } = task.run;
  const { item = null, index } = task.scope;
  const run = {
    agentType: "crew",
    workflowId,
    versionId,
    version,
    fragment: plan.place === undefined ? id : `${plan.place}/${id}`,
    item: { item, index: typeof index === "number" ? index : 0 },
    timeoutMs: task.timeLimitMs,
  };
  const { output, runId } = runChild(task, run, step.title ?? id);
  return { value: output, input: { runId } };
}
