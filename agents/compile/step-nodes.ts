import { type Channels, type LogKind, type NodeResult, stateChannel, type StepNode } from "#/agents/compile/node.ts";
import { policiesOf, valueUpdate } from "#/agents/compile/policies.ts";
import type { Plan, PlanStep } from "#/agents/definition/plan.ts";
import { resolve } from "#/agents/definition/template.ts";
import { type ApprovalAnswer, askApproval } from "#/agents/steps/approval.ts";
import { runHttp } from "#/agents/steps/http.ts";
import { runLlm } from "#/agents/steps/llm.ts";
import { runSearch } from "#/agents/steps/search.ts";
import { runTool } from "#/agents/steps/tool.ts";
import { runWait } from "#/agents/steps/wait.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

type SimpleStep = Exclude<PlanStep, { type: "agent" }>;

const LOG_KINDS: Readonly<Partial<Record<PlanStep["type"], LogKind>>> = { llm: "model", approval: "approval", tool: "tool" };

/** The node of a step that is one task: everything but an agent. */
export function simpleNode(plan: Plan, id: string, step: SimpleStep): StepNode {
  const policies = policiesOf(id, step);
  return {
    ...policies,
    kind: LOG_KINDS[step.type] ?? "step",
    run: async (task, channels) => {
      if (step.type === "approval") return approvalResult(plan, id, { step, task, channels });
      const result = await runStep(step, task);
      return { ...result, update: valueUpdate(policies.saveTo, result.value) };
    },
  };
}

function runStep(step: Exclude<SimpleStep, { type: "approval" }>, task: Task): Promise<StepResult> {
  switch (step.type) {
    case "llm":
      return runLlm(step, task);
    case "search":
      return runSearch(step, task);
    case "http":
      return runHttp(step, task);
    case "tool":
      return runTool(step, task);
    case "wait":
      return runWait(step, task);
    case "set": {
      const value = resolve(step.values, task.scope);
      return Promise.resolve({ value });
    }
  }
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
  return { value: answer, input, update: { ...valueUpdate(step.save ?? id, answer), ...editUpdate(step.edits, answer) } };
}

function editUpdate(key: string | undefined, answer: ApprovalAnswer): Record<string, unknown> {
  if (key === undefined || answer.action !== "edit" || answer.values === undefined || answer.values === null) return {};
  const { values } = answer;
  return { [stateChannel(key)]: isJsonObject(values) && key in values ? values[key] : values };
}
