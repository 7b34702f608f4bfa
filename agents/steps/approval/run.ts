import * as v from "valibot";
import { valuesRule } from "#/agents/definition/schema/decision-rule.ts";
import { unansweredValues } from "#/agents/definition/schema/decision-values.ts";
import { parseDuration } from "#/agents/definition/format/duration.ts";
import type { ApprovalStep } from "#/agents/steps/approval/type.ts";
import { renderText, resolve } from "#/agents/definition/expression/template.ts";
import type { Wait } from "#/agents/engine/run.ts";
import { type NodeResult, type StepView, stateChannel } from "#/agents/steps/node.ts";
import { saveKeyOf, valueUpdate } from "#/agents/steps/policies.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import { isJsonObject } from "#/lib/json-object.ts";

/**
 * Asks a person. With edges that look at the decision, a rejection is a branch; without any, it ends the run. The value is the decision.
 * @throws Parking while open; StepError "rejected" when a rejection has no branch to go to
 */
export async function runApproval(
  step: ApprovalStep,
  task: Task,
  { id, plan, channels }: StepView,
): Promise<NodeResult> {
  const isBranch = plan.edges.some((edge) => edge.from.includes(id) && edge.when.length > 0);
  const before = step.edits === undefined ? undefined : channels[stateChannel(step.edits)];
  const { answer, input } = askApproval(step, task, { rejectEndsRun: !isBranch, before });
  return {
    value: answer,
    input,
    update: { ...valueUpdate(saveKeyOf(id, step), answer), ...editUpdate(step, answer) },
  };
}

/** Writes the key that a decision may edit: an action that takes no values leaves it alone. */
function editUpdate(
  { edits: key, actions }: ApprovalStep,
  { action, values }: ApprovalAnswer,
): Record<string, unknown> {
  if (key === undefined || valuesRule(actions, action) !== "needed") return {};
  if (!isJsonObject(values)) return { [stateChannel(key)]: values };
  if (Object.keys(values).length === 0) return {};
  return { [stateChannel(key)]: key in values ? values[key] : values };
}

/** The decision of a person (or the time-out). It becomes the step's value: every field is always there, so that expressions need not ask for it first. */
const Decision = v.object({
  action: v.string(),
  /** The values of the form; empty for an action that takes no values. */
  values: v.nullish(v.unknown(), {}),
  /** Empty when nobody wrote one. */
  comment: v.nullish(v.string(), ""),
  /** The person or key that decided; null for the time-out. */
  by: v.nullish(v.unknown(), null),
  timedOut: v.optional(v.boolean(), false),
});
type ApprovalAnswer = v.InferOutput<typeof Decision>;

interface Asking {
  readonly rejectEndsRun: boolean;
  /** The value that the action "edit" may replace. */
  readonly before: unknown;
}

/**
 * Holds the run until the approval is decided. Nothing happens before `wait`: the node runs again from its start when the answer is there.
 * @throws Parking while open; StepError "rejected" when a rejection has no branch to go to
 */
function askApproval(
  step: ApprovalStep,
  task: Task,
  asking: Asking,
): { answer: ApprovalAnswer; input: unknown } {
  const request = buildRequest(step, task, asking);
  const answer = v.parse(Decision, task.wait(request));
  if (answer.action === "reject" && asking.rejectEndsRun) {
    const comment = answer.comment ? `: ${answer.comment}` : ".";
    throw new StepError("rejected", `“${request.approval?.title}” was rejected${comment}`, {
      endsAs: "cancelled",
    });
  }
  return { answer, input: request.approval };
}

function buildRequest(step: ApprovalStep, task: Task, { before }: Asking): Omit<Wait, "id"> {
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
    ...(step.timeout && {
      dueInMs: parseDuration(step.timeout.after),
      dueValue: unanswered(step, step.timeout.then, form),
    }),
  };
}

/** The decision of the time-out. */
function unanswered({ actions }: ApprovalStep, action: string, form: unknown): ApprovalAnswer {
  return {
    action,
    values: unansweredValues({ actions, form: isJsonObject(form) ? form : null }, action),
    comment: "",
    by: null,
    timedOut: true,
  };
}

/** An approval that lets people edit one key of the state needs no form of its own. */
function editForm(key: string, before: unknown): unknown {
  return {
    type: "object",
    required: [key],
    properties: { [key]: { type: guessType(before), default: before ?? "" } },
  };
}

/** Guesses a field's type by its value; a value that is missing is written as text. */
function guessType(value: unknown): string {
  if (value === undefined || value === null) return "string";
  return Array.isArray(value) ? "array" : typeof value;
}
