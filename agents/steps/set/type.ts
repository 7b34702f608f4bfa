import * as v from "valibot";
import { JsonRecord, STEP_FIELDS } from "#/agents/definition/format/fields.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({ type: v.literal("set"), ...STEP_FIELDS, values: JsonRecord });
export type SetStep = v.InferOutput<typeof schema>;

export const set = defineStepType({
  schema,
  filledIn: ["values"],
  capabilities: () => [],
  policy: { effect: () => "pure", isOneCall: true },
});
