import * as v from "valibot";
import { STEP_FIELDS, whole } from "#/agents/definition/format/fields.ts";
import { pointer } from "#/agents/definition/problem.ts";
import { responseHeaderProblem } from "#/agents/steps/respond/headers.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({
  type: v.literal("respond"),
  ...STEP_FIELDS,
  status: v.optional(whole(200, 599), 200),
  headers: v.optional(v.record(v.string(), v.string()), {}),
  body: v.optional(v.unknown()),
});
export type RespondStep = v.InferOutput<typeof schema>;

export const respond = defineStepType({
  schema,
  filledIn: ["headers", "body"],
  // Values are rendered when the step runs, and are looked at then.
  check: ({ headers }, { path }) =>
    Object.keys(headers).flatMap((name) => {
      const message = responseHeaderProblem(name, "");
      return message === undefined ? [] : [{ path: `${path}/headers${pointer(name)}`, message }];
    }),
  capabilities: () => [],
  policy: { effect: () => "pure" },
});
