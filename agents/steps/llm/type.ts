import * as v from "valibot";
import {
  FileList,
  JsonRecord,
  listModels,
  MODEL_FIELDS,
  STEP_FIELDS,
  Text,
} from "#/agents/definition/format/fields.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";
import { INWARD } from "#/agents/vocabulary/capability.ts";

const schema = v.strictObject({
  type: v.literal("llm"),
  ...STEP_FIELDS,
  prompt: Text,
  instructions: v.optional(Text),
  files: FileList,
  ...MODEL_FIELDS,
  outputSchema: v.optional(JsonRecord),
});

export const llm = defineStepType({
  schema,
  filledIn: ["prompt", "instructions", "files"],
  schemaIn: "outputSchema",
  models: listModels,
  capabilities: ({ files = [] }) => (files.length > 0 ? INWARD : []),
  policy: { effect: () => "model", timeoutMs: 120_000, log: "model", isOneCall: true },
});
