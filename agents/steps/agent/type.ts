import * as v from "valibot";
import { JsonRecord, STEP_FIELDS, Text, ToolPolicy, whole } from "#/agents/definition/format/fields.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({
  type: v.literal("agent"),
  ...STEP_FIELDS,
  role: Text,
  goal: Text,
  backstory: v.optional(Text),
  prompt: v.optional(Text),
  tools: v.optional(v.array(Text), []),
  toolPolicy: v.optional(ToolPolicy),
  model: v.optional(Text),
  outputSchema: v.optional(JsonRecord),
  maxIterations: v.optional(whole(1, 50), 10),
});

export const agent = defineStepType({
  schema,
  filledIn: ["role", "goal", "backstory", "prompt"],
  schemaIn: "outputSchema",
  toolNames: ({ tools }) => tools.map((name, index) => ({ place: ["tools", index], name })),
  model: (step) => step.model,
  policy: { effect: () => "model", timeoutMs: 120_000, span: "several" },
});
