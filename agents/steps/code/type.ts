import * as v from "valibot";
import { STEP_FIELDS, Text, ToolPolicy } from "#/agents/definition/format/fields.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({
  type: v.literal("code"),
  ...STEP_FIELDS,
  source: v.pipe(Text, v.maxLength(100_000)),
  input: v.optional(v.unknown()),
  tools: v.optional(v.array(Text)),
  toolPolicy: v.optional(ToolPolicy),
});
export type CodeStep = v.InferOutput<typeof schema>;

export const code = defineStepType({
  schema,
  filledIn: ["input"],
  toolNames: ({ tools = [] }) => tools.map((name, index) => ({ place: ["tools", index], name })),
  capabilities: () => [],
  // Its work has a limit of its own; what takes longer are the tools that it waits for, each of which is accounted for by itself.
  policy: { effect: ({ tools }) => (tools ? "write" : "pure"), timeoutMs: 60_000, isOneCall: true },
});
