import * as v from "valibot";
import { JsonRecord, STEP_FIELDS, Text, whole } from "#/agents/definition/format/fields.ts";
import { filterProblems } from "#/agents/steps/search/filter.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({
  type: v.literal("search"),
  ...STEP_FIELDS,
  query: Text,
  topK: v.optional(whole(1, 50), 5),
  filter: v.optional(JsonRecord),
});
export type SearchStep = v.InferOutput<typeof schema>;

export const search = defineStepType({
  schema,
  filledIn: ["query", "filter"],
  check: ({ filter }, { path }) => (filter ? filterProblems(filter, `${path}/filter`) : []),
  capabilities: () => ["private"],
  policy: { effect: () => "read", timeoutMs: 15_000, isOneCall: true },
});
