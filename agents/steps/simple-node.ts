import { type Channels, type NodeResult, stateChannel, type StepNode } from "#/agents/steps/node.ts";
import { policiesOf, saveKeyOf, valueUpdate, withoutDetour } from "#/agents/steps/policies.ts";
import type { Plan, PlanStep } from "#/agents/definition/plan/plan.ts";
import { resolve } from "#/agents/definition/expression/template.ts";
import { valuesRule } from "#/agents/definition/schema/decision-rule.ts";
import { type ApprovalAnswer, askApproval } from "#/agents/steps/approval/run.ts";
import { runHttp } from "#/agents/steps/http/run.ts";
import { runCodeStep } from "#/agents/steps/code/run.ts";
import { runLlm } from "#/agents/steps/llm/run.ts";
import { runRespond } from "#/agents/steps/respond/run.ts";
import { runRoute } from "#/agents/steps/route/run.ts";
import { runSearch } from "#/agents/steps/search/run.ts";
import { runTool } from "#/agents/steps/tool/run.ts";
import { runWait } from "#/agents/steps/wait/run.ts";
import { runWorkflow } from "#/agents/steps/workflow/run.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** A step that is one task. */
export type SimpleStep = Exclude<PlanStep, { type: "agent" | "map" }>;

export const LOG_KINDS: Readonly<Partial<Record<PlanStep["type"], StepNode["kind"]>>> = {
  llm: "model",
  route: "model",
  approval: "approval",
  tool: "tool",
};

/** The node of a step that is one task: everything but agents and maps. */
export function simpleNode(plan: Plan, id: string, step: SimpleStep): StepNode {
  const policies = policiesOf(id, step);
  return {
    ...policies,
    kind: LOG_KINDS[step.type] ?? "step",
    run: async (task, channels) => {
      const result =
        step.type === "approval"
          ? approvalResult(plan, id, { step, task, channels })
          : await stepResult(id, step, task);
      return { ...result, update: withoutDetour(id, step, result.update) };
    },
  };
}

async function stepResult(id: string, step: UnaskedStep, task: Task): Promise<NodeResult> {
  const result = await runStep(step, task);
  return { ...result, update: valueUpdate(saveKeyOf(id, step), result.value) };
}

type UnaskedStep = Exclude<SimpleStep, { type: "approval" }>;

/** What each type of step does. */
const RUNS: {
  readonly [Type in UnaskedStep["type"]]: (
    step: Extract<UnaskedStep, { type: Type }>,
    task: Task,
  ) => Promise<StepResult>;
} = {
  llm: runLlm,
  search: runSearch,
  http: runHttp,
  tool: runTool,
  wait: runWait,
  route: runRoute,
  workflow: runWorkflow,
  code: runCodeStep,
  respond: runRespond,
  set: async (step, task) => ({ value: resolve(step.values, task.scope) }),
};

/** Runs a step that is one task and asks nobody. */
export function runStep(step: UnaskedStep, task: Task): Promise<StepResult> {
  return runOf(step.type, step, task);
}

function runOf<Type extends UnaskedStep["type"]>(
  type: Type,
  step: Extract<UnaskedStep, { type: Type }>,
  task: Task,
): Promise<StepResult> {
  return RUNS[type](step, task);
}

interface ApprovalPlace {
  readonly step: Extract<PlanStep, { type: "approval" }>;
  readonly task: Task;
  readonly channels: Channels;
}

/** With edges that look at the decision, a rejection is a branch; without any, it ends the run. */
function approvalResult(plan: Plan, id: string, { step, task, channels }: ApprovalPlace): NodeResult {
  const isBranch = plan.edges.some((edge) => edge.from.includes(id) && edge.when.length > 0);
  const before = step.edits === undefined ? undefined : channels[stateChannel(step.edits)];
  const { answer, input } = askApproval(step, task, { rejectEndsRun: !isBranch, before });
  return {
    value: answer,
    input,
    update: { ...valueUpdate(saveKeyOf(id, step), answer), ...editUpdate(step, answer) },
  };
}

/** What a decision makes of the key that it may edit: an action that takes no values leaves it alone. */
function editUpdate(
  { edits: key, actions }: ApprovalPlace["step"],
  { action, values }: ApprovalAnswer,
): Record<string, unknown> {
  if (key === undefined || valuesRule(actions, action) !== "needed") return {};
  if (!isJsonObject(values)) return { [stateChannel(key)]: values };
  if (Object.keys(values).length === 0) return {};
  return { [stateChannel(key)]: key in values ? values[key] : values };
}
