import * as v from "valibot";
import { JsonRecord, STEP_FIELDS, Text, whole } from "#/agents/definition/format/fields.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({
  type: v.literal("workflow"),
  ...STEP_FIELDS,
  /** The id or the name of a workflow of the workspace. */
  workflow: Text,
  version: v.optional(whole(1, 1_000_000)),
  input: v.optional(JsonRecord, {}),
});
export type WorkflowStep = v.InferOutput<typeof schema>;

export const workflow = defineStepType({
  schema,
  filledIn: ["input"],
  workflow: (step) => step.workflow,
  capabilities: () => [],
  policy: { effect: () => "pure", timesOthers: true },
});
