import * as v from "valibot";
import { STEP_FIELDS, Text } from "#/agents/definition/format/fields.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({
  type: v.literal("code"),
  ...STEP_FIELDS,
  source: v.pipe(Text, v.maxLength(100_000)),
  input: v.optional(v.unknown()),
});
export type CodeStep = v.InferOutput<typeof schema>;

export const code = defineStepType({
  schema,
  filledIn: ["input"],
  policy: { effect: () => "pure", isOneCall: true },
});
