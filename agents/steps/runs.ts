import type { PlanStep } from "#/agents/definition/plan/plan.ts";
import { runApproval } from "#/agents/steps/approval/run.ts";
import { runCodeStep } from "#/agents/steps/code/run.ts";
import { runCrew } from "#/agents/steps/crew/run.ts";
import { runHttp } from "#/agents/steps/http/run.ts";
import { runLlm } from "#/agents/steps/llm/run.ts";
import type { NodeResult, StepView } from "#/agents/steps/node.ts";
import { runRespond } from "#/agents/steps/respond/run.ts";
import { runRoute } from "#/agents/steps/route/run.ts";
import { runSearch } from "#/agents/steps/search/run.ts";
import { runSet } from "#/agents/steps/set/run.ts";
import { runStore } from "#/agents/steps/store/run.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";
import { runTool } from "#/agents/steps/tool/run.ts";
import { runWait } from "#/agents/steps/wait/run.ts";
import { runWorkflow } from "#/agents/steps/workflow/run.ts";

/** A step that is one task. Agents and maps are several nodes: agents/steps/agent/nodes.ts, agents/steps/map/nodes.ts. */
export type OneTaskStep = Exclude<PlanStep, { type: "agent" | "map" }>;

type RunStep<Step> = (step: Step, task: Task, place: StepView) => Promise<StepResult | NodeResult>;

/** The function that runs a step of each type. A type without a line here does not compile. */
const RUNS: { readonly [Type in OneTaskStep["type"]]: RunStep<Extract<OneTaskStep, { type: Type }>> } = {
  llm: runLlm,
  search: runSearch,
  approval: runApproval,
  set: runSet,
  http: runHttp,
  wait: runWait,
  tool: runTool,
  route: runRoute,
  workflow: runWorkflow,
  crew: runCrew,
  code: runCodeStep,
  store: runStore,
  respond: runRespond,
};

/** Runs a step that is one task. @throws Parking while it waits; StepError and whatever else makes it fail */
export function runStep(step: OneTaskStep, task: Task, place: StepView): Promise<StepResult | NodeResult> {
  return bindRun(step.type, step)(task, place);
}

function bindRun<Type extends OneTaskStep["type"]>(type: Type, step: Extract<OneTaskStep, { type: Type }>) {
  return (task: Task, place: StepView) => RUNS[type](step, task, place);
}
