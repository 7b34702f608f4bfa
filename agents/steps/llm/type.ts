import * as v from "valibot";
import {
  JsonRecord,
  listModels,
  MODEL_FIELDS,
  STEP_FIELDS,
  Text,
} from "#/agents/definition/format/fields.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({
  type: v.literal("llm"),
  ...STEP_FIELDS,
  prompt: Text,
  instructions: v.optional(Text),
  ...MODEL_FIELDS,
  outputSchema: v.optional(JsonRecord),
});
export type LlmStep = v.InferOutput<typeof schema>;

export const llm = defineStepType({
  schema,
  filledIn: ["prompt", "instructions"],
  schemaIn: "outputSchema",
  models: listModels,
  capabilities: () => [],
  policy: { effect: () => "model", timeoutMs: 120_000, log: "model", isOneCall: true },
});
