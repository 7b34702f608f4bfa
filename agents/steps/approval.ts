import { interrupt } from "@langchain/langgraph";
import { parseDuration } from "#/agents/definition/duration.ts";
import type { PlanStep } from "#/agents/definition/plan.ts";
import { renderText, resolve } from "#/agents/definition/template.ts";
import type { Wait } from "#/agents/engine/run.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";

type ApprovalStep = Extract<PlanStep, { type: "approval" }>;

/** What a person (or the time-out) decided. It becomes the step's value. */
export interface ApprovalAnswer {
  readonly action: string;
  readonly values?: unknown;
  readonly comment?: string;
  readonly by?: unknown;
}

interface Asking {
  readonly rejectEndsRun: boolean;
  /** The value that the action "edit" may replace. */
  readonly before: unknown;
}

/**
 * Holds the run until the approval is decided. Nothing happens before `interrupt`: LangGraph runs the node again from its start
 * whenever the superstep is tried again.
 * @throws GraphInterrupt while open; StepError "rejected" when a rejection has no branch to go to
 */
export function askApproval(step: ApprovalStep, task: Task, asking: Asking): { answer: ApprovalAnswer; input: unknown } {
  const request = requestOf(step, task, asking);
  const answer = interrupt<Omit<Wait, "id">, ApprovalAnswer>(request);
  if (answer.action === "reject" && asking.rejectEndsRun) {
    const comment = answer.comment ? `: ${answer.comment}` : ".";
    throw new StepError("rejected", `“${request.approval?.title}” was rejected${comment}`, { endsAs: "cancelled" });
  }
  return { answer, input: request.approval };
}

function requestOf(step: ApprovalStep, task: Task, { before }: Asking): Omit<Wait, "id"> {
  const form = step.form ?? (step.edits === undefined ? undefined : editForm(step.edits, before));
  return {
    kind: "approval",
    step: task.step,
    approval: {
      title: renderText(step.title, task.scope),
      ...(step.description !== undefined && { description: renderText(step.description, task.scope) }),
      ...(step.show !== undefined && { shown: resolve(step.show, task.scope) }),
      actions: step.actions,
      ...(step.selfApproval === false && { selfApproval: false }),
      ...(form !== undefined && { form }),
    },
    ...(step.timeout && { dueInMs: parseDuration(step.timeout.after), dueValue: { action: step.timeout.then, timedOut: true } }),
  };
}

/** An approval that lets people edit one key of the state needs no form of its own. */
function editForm(key: string, before: unknown): unknown {
  const type = typeof before === "string" || before === undefined || before === null ? "string" : Array.isArray(before) ? "array" : "object";
  return { type: "object", required: [key], properties: { [key]: { type, default: before ?? "" } } };
}
