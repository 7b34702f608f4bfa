import * as v from "valibot";
import { isDuration, LONGEST_MS } from "#/agents/definition/format/duration.ts";
import { Duration, DURATION_FORM, noDuration, STEP_FIELDS, Text } from "#/agents/definition/format/fields.ts";
import { momentProblem } from "#/agents/definition/format/moment.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { defineStepType, type StepPlace } from "#/agents/steps/step-type.ts";

const isDurationOrTemplate = (value: string) => value.includes("{{") || isDuration(value);

const schema = v.strictObject({
  type: v.literal("wait"),
  ...STEP_FIELDS,
  for: v.optional(
    v.union(
      [
        v.pipe(v.string(), v.check(isDurationOrTemplate, noDuration)),
        v.pipe(v.number(), v.minValue(0), v.maxValue(LONGEST_MS / 1000)),
      ],
      DURATION_FORM,
    ),
  ),
  until: v.optional(Text),
  event: v.optional(
    v.strictObject({
      key: Text,
      timeout: v.optional(v.strictObject({ after: Duration, value: v.optional(v.unknown()) })),
    }),
  ),
});
export type WaitStep = v.InferOutput<typeof schema>;

export const wait = defineStepType({
  schema,
  filledIn: ["for", "until", "event"],
  check: checkWait,
  capabilities: ({ event }) => (event === undefined ? [] : ["untrusted"]),
  policy: { effect: () => "pure" },
});

/** Checks that a wait has exactly one of for, until and event. */
function checkWait(step: WaitStep, { path }: StepPlace): readonly Problem[] {
  const ways = [step.for, step.until, step.event].filter((way) => way !== undefined).length;
  const late = {
    path: `${path}/timeout`,
    message:
      "A wait ends when it is over. How long it waits for an event stands under event: { key, timeout: { after, value } }.",
  };
  const until = step.until === undefined || step.until.includes("{{") ? undefined : momentProblem(step.until);
  return [
    ...(ways === 1 ? [] : [{ path, message: "A wait has one of for, until and event." }]),
    ...(step.timeout === undefined ? [] : [late]),
    ...(until === undefined ? [] : [{ path: `${path}/until`, message: until }]),
  ];
}
