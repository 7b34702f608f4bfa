import * as v from "valibot";
import { JsonRecord, STEP_FIELDS, Text, ToolPolicy } from "#/agents/definition/format/fields.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({
  type: v.literal("tool"),
  ...STEP_FIELDS,
  tool: Text,
  input: v.optional(JsonRecord, {}),
  toolPolicy: v.optional(ToolPolicy),
});
export type ToolStep = v.InferOutput<typeof schema>;

export const tool = defineStepType({
  schema,
  filledIn: ["input"],
  carrySecrets: ["input"],
  sendsTo: ({ input }) => input["url"],
  toolNames: (step) => [{ place: ["tool"], name: step.tool }],
  capabilities: () => [],
  policy: {
    // A call knows what it does, and repeats nothing that may have been sent: agents/steps/tool/call.ts.
    effect: () => "write",
    timeoutMs: 60_000,
    timesOthers: true,
    log: "tool",
    isOneCall: true,
  },
});
