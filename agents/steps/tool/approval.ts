import * as v from "valibot";
import { evaluate } from "#/agents/definition/expression/expression.ts";
import { listKnown, shortened } from "#/agents/definition/problem.ts";
import type { ToolWrites } from "#/agents/definition/plan/plan.ts";
import type { ToolRule } from "#/agents/definition/format/fields.ts";
import type { Wait } from "#/agents/engine/run.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import type { ToolInput } from "#/agents/steps/tool/call.ts";
import { findTools } from "#/agents/steps/tool/find-tools.ts";
import { makeFormSchema } from "#/agents/tools/input-schema.ts";
import type { Tool } from "#/agents/tools/tool.ts";

type ToolPolicy = Readonly<Record<string, ToolRule>>;

/**
 * Returns the tools that a model is told of: one that is denied, here or in the whole workspace, is none.
 * @throws Parking while an admin has to decide on one that has changed; StepError
 */
export async function offeredTools(
  task: Task,
  { names, isComputed, policy = {} }: AgentTools,
): Promise<readonly Tool[]> {
  if (isComputed) await refuseUnpinned(task, names);
  const asked = names.filter((name) => policy[name] !== "deny");
  if (asked.length === 0) return [];
  return (await findTools(task, asked)).filter((tool) => tool.policy !== "deny");
}

/** @throws StepError "tool-unpinned" */
async function refuseUnpinned({ ports }: Task, names: readonly string[]): Promise<void> {
  const pinned = await ports.tools.names();
  const known = new Set(pinned);
  const unpinned = names.find((name) => !known.has(name));
  if (unpinned === undefined) return;
  throw new StepError(
    "tool-unpinned",
    `The expression for tools gave “${shortened(unpinned)}”, which this version was not published with, so nothing was called.${listKnown(pinned)} Write the tool out in the expression and publish again.`,
  );
}

/** The tools that an agent may call, and what happens first. */
export interface AgentTools {
  readonly names: readonly string[];
  /** True if an expression has given the names: it may give only those that the version was published with. */
  readonly isComputed: boolean;
  readonly policy?: ToolPolicy | undefined;
  /** For writes that no rule of the policy speaks of. */
  readonly writes: ToolWrites;
}

/**
 * Returns the rule for one call: that of the definition, else that of the workspace, else reads pass and writes do as the definition says.
 * What a workspace denies no definition allows.
 */
export function decideRule(
  { policy, writes }: Pick<AgentTools, "policy" | "writes">,
  tool: Tool,
  input: unknown,
): ToolRule {
  if (tool.policy === "deny") return "deny";
  return policy?.[tool.name] ?? tool.policy ?? (tool.decideEffect(input) === "read" ? "auto" : writes);
}

const Answer = v.looseObject({
  action: v.string(),
  values: v.optional(v.looseObject({ arguments: v.optional(v.unknown()) })),
  comment: v.nullish(v.string()),
});

/**
 * Asks a person before a tool is called, if its rule says so. It stands before anything the call does.
 * @param asking with the input as the tool's schema has read it; the person sees what is shown of it
 * @returns the arguments to call it with: the model's, or what the person made of them
 * @throws Parking while open; StepError "rejected", "denied"
 */
export function approvedInput(task: Task, tool: Tool, { input, shown, rule, reveal }: Asking): ToolInput {
  if (rule === "deny") throw new StepError("denied", `The tool ${tool.name} may not be called here.`);
  if (!asksFirst(rule, { ...task.scope, args: input })) return { input, shown };
  const answer = v.parse(Answer, task.wait(buildQuestion(task.step, tool, shown)));
  if (answer.action === "reject")
    throw new StepError(
      "rejected",
      `A person rejected this call${answer.comment ? `: ${answer.comment}` : "."}`,
    );
  if (answer.action !== "edit") return { input, shown };
  const edited = answer.values?.arguments;
  if (edited === undefined) throw new StepError("tool-input", "The edited arguments are missing.");
  return { input: editedInput(tool, reveal(edited)), shown: edited };
}

interface Asking extends ToolInput {
  readonly rule: ToolRule;
  /** Puts secrets in for their stand-ins. */
  readonly reveal: (arguments_: unknown) => unknown;
}

const asksFirst = (rule: Exclude<ToolRule, "deny">, scope: Readonly<Record<string, unknown>>): boolean =>
  typeof rule === "object" ? evaluate(rule.when, scope) === true : rule === "approve";

function editedInput(tool: Tool, edited: unknown): unknown {
  const read = tool.readInput(edited);
  if (!read.ok)
    throw new StepError("tool-input", `The edited arguments do not fit: ${read.misfits.join("; ")}`);
  return read.input;
}

function buildQuestion(step: string, tool: Tool, input: unknown): Omit<Wait, "id"> {
  return {
    kind: "approval",
    step,
    approval: {
      subject: "tool",
      subjectId: tool.name,
      title: `Call ${tool.name}?`,
      description: tool.description,
      shown: input,
      actions: ["approve", "edit", "reject"],
      form: {
        type: "object",
        required: ["arguments"],
        properties: { arguments: { ...makeFormSchema(tool), title: "Arguments", default: input } },
      },
    },
  };
}
