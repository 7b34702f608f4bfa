import { interrupt } from "@langchain/langgraph";
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { evaluate } from "#/agents/definition/expression.ts";
import type { ToolRule } from "#/agents/definition/schema.ts";
import type { Wait } from "#/agents/engine/run.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import type { ToolInput } from "#/agents/steps/tool-call.ts";
import type { Tool } from "#/agents/tools/tool.ts";

export type ToolPolicy = Readonly<Record<string, ToolRule>>;

/** The tools that a model is told of: one that is denied is none. */
export function offeredTools(tools: readonly string[], policy: ToolPolicy = {}): readonly string[] {
  return tools.filter((name) => policy[name] !== "deny");
}

const Answer = v.looseObject({ action: v.string(), values: v.optional(v.looseObject({ arguments: v.optional(v.unknown()) })), comment: v.nullish(v.string()) });

/**
 * Asks a person before a tool is called, if its rule says so. It stands before anything the call does.
 * @param asking with the input as the tool's schema has read it; the person sees what is shown of it
 * @returns the arguments to call it with: the model's, or what the person made of them
 * @throws GraphInterrupt while open; StepError "rejected", "denied"
 */
export function approvedInput(task: Task, tool: Tool, { input, shown, policy, reveal }: Asking): ToolInput {
  const rule = policy?.[tool.name] ?? "auto";
  if (rule === "deny") throw new StepError("denied", `The tool ${tool.name} may not be called here.`);
  if (!asksFirst(rule, { ...task.scope, args: input })) return { input, shown };
  const answer = v.parse(Answer, interrupt<Omit<Wait, "id">>(questionOf(task.step, tool, shown)));
  if (answer.action === "reject") throw new StepError("rejected", `A person rejected this call${answer.comment ? `: ${answer.comment}` : "."}`);
  if (answer.action !== "edit") return { input, shown };
  const edited = answer.values?.arguments;
  if (edited === undefined) throw new StepError("tool-input", "The edited arguments are missing.");
  return { input: editedInput(tool, reveal(edited)), shown: edited };
}

interface Asking extends ToolInput {
  readonly policy: ToolPolicy | undefined;
  /** Puts secrets in for their stand-ins. */
  readonly reveal: (arguments_: unknown) => unknown;
}

const asksFirst = (rule: Exclude<ToolRule, "deny">, scope: Readonly<Record<string, unknown>>): boolean =>
  typeof rule === "object" ? evaluate(rule.when, scope) === true : rule === "approve";

function editedInput(tool: Tool, edited: unknown): unknown {
  const read = v.safeParse(tool.input, edited);
  if (!read.success) throw new StepError("tool-input", `The edited arguments do not fit: ${read.issues.map((issue) => issue.message).join("; ")}`);
  return read.output;
}

/** Of texts that stand for a secret nothing is known but that they are texts: their forms are checked when the tool is called. */
const CHECKED_BY_THE_TOOL = ["url", "regex", "trim", "check", "description"];

/** The shape of a tool's arguments, so that an edit that does not fit is refused while a person is there to mend it. */
function argumentsSchema({ input }: Tool): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = toJsonSchema(input, { target: "draft-2020-12", typeMode: "input", errorMode: "ignore", ignoreActions: CHECKED_BY_THE_TOOL });
  return { type: "object", ...schema };
}

function questionOf(step: string, tool: Tool, input: unknown): Omit<Wait, "id"> {
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
      form: { type: "object", required: ["arguments"], properties: { arguments: { ...argumentsSchema(tool), title: "Arguments", default: input } } },
    },
  };
}
