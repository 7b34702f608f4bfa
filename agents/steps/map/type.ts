import * as v from "valibot";
import { Edge } from "#/agents/definition/format/edge.ts";
import { Id, STEP_FIELDS, Text, whole } from "#/agents/definition/format/fields.ts";
import { PlainStep } from "#/agents/steps/plain-steps.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

/** The step that is done for each item. It has no map of its own: a workflow step can have one. */
const Body = v.strictObject({
  steps: v.pipe(v.record(Id, PlainStep), v.minEntries(1, "needs a step")),
  edges: v.array(Edge),
  output: v.optional(v.unknown()),
});
export type Body = v.InferOutput<typeof Body>;

const schema = v.strictObject({
  type: v.literal("map"),
  ...STEP_FIELDS,
  items: v.union(
    [Text, v.array(v.unknown())],
    "must be a list, or a text with one expression that gives a list",
  ),
  parallel: v.optional(whole(1, 1000), 20),
  onItemError: v.optional(v.picklist(["fail", "skip", "collect"]), "fail"),
  do: v.union([PlainStep, Body], "must be a step, or {steps, edges, output}"),
});
export type MapStep = v.InferOutput<typeof schema>;

export const map = defineStepType({
  schema,
  filledIn: ["items"],
  capabilities: () => [],
  policy: { effect: () => "pure", span: "map", timesOthers: true },
});
