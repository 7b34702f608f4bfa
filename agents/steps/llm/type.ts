import * as v from "valibot";
import { JsonRecord, STEP_FIELDS, Text, whole } from "#/agents/definition/format/fields.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({
  type: v.literal("llm"),
  ...STEP_FIELDS,
  prompt: Text,
  instructions: v.optional(Text),
  model: v.optional(Text),
  outputSchema: v.optional(JsonRecord),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  maxOutputTokens: v.optional(whole(1, 1_000_000)),
});
export type LlmStep = v.InferOutput<typeof schema>;

export const llm = defineStepType({
  schema,
  filledIn: ["prompt", "instructions"],
  schemaIn: "outputSchema",
  model: (step) => step.model,
  policy: { effect: () => "model", timeoutMs: 120_000, log: "model", isOneCall: true },
});
