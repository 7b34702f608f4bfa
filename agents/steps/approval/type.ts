import * as v from "valibot";
import { Duration, Id, JsonRecord, STEP_FIELDS, Text } from "#/agents/definition/format/fields.ts";
import { type Problem, unknownName } from "#/agents/definition/problem.ts";
import { defineStepType, type StepPlace } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({
  type: v.literal("approval"),
  ...STEP_FIELDS,
  title: Text,
  description: v.optional(Text),
  show: v.optional(v.unknown()),
  actions: v.optional(v.pipe(v.array(Id), v.minLength(1)), ["approve", "reject"]),
  edits: v.optional(Id),
  /** True if the person who started the run may decide. */
  selfApproval: v.optional(v.boolean()),
  form: v.optional(JsonRecord),
  // oxlint-disable-next-line unicorn/no-thenable -- a word of the format, in data that nobody awaits
  timeout: v.optional(v.strictObject({ after: Duration, then: Id })),
});
export type ApprovalStep = v.InferOutput<typeof schema>;

export const approval = defineStepType({
  schema,
  filledIn: ["title", "description", "show"],
  schemaIn: "form",
  readsKey: ({ edits }) => edits,
  check: (step, place) => [...actionProblems(step, place), ...editsProblems(step, place)],
  capabilities: () => [],
  policy: { effect: () => "pure", log: "approval" },
});

function actionProblems({ timeout, actions }: ApprovalStep, { path }: StepPlace): readonly Problem[] {
  return timeout && !actions.includes(timeout.then)
    ? [
        unknownName({
          path: `${path}/timeout/then`,
          what: "action",
          name: timeout.then,
          known: actions,
        }),
      ]
    : [];
}

function editsProblems({ edits }: ApprovalStep, { path, stateKeys }: StepPlace): readonly Problem[] {
  return edits !== undefined && !stateKeys.has(edits)
    ? [unknownName({ path: `${path}/edits`, what: "state key", name: edits, known: stateKeys })]
    : [];
}
