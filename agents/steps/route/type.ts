import * as v from "valibot";
import { Id, listModels, MODEL_FIELDS, STEP_FIELDS, Text } from "#/agents/definition/format/fields.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({
  type: v.literal("route"),
  ...STEP_FIELDS,
  prompt: Text,
  routes: v.pipe(v.record(Id, Text), v.minEntries(2, "needs two routes or more")),
  ...MODEL_FIELDS,
});
export type RouteStep = v.InferOutput<typeof schema>;

export const route = defineStepType({
  schema,
  filledIn: ["prompt", "routes"],
  models: listModels,
  capabilities: () => [],
  policy: { effect: () => "model", timeoutMs: 120_000, log: "model", isOneCall: true },
});
