import * as v from "valibot";
import { map } from "#/agents/steps/map/type.ts";
import { PLAIN_STEPS } from "#/agents/steps/plain-steps.ts";
import type { StepType } from "#/agents/steps/step-type.ts";

const ALL = { ...PLAIN_STEPS, map };

export const Step = v.variant(
  "type",
  Object.values(ALL).map(({ schema }) => schema),
  `type must be one of ${Object.keys(ALL).join(", ")}`,
);
export type Step = v.InferOutput<typeof Step>;
export type StepTypeName = Step["type"];

/** Every type of step, with everything that is known of it without running it. What runs them: agents/steps/runs.ts. */
const STEP_TYPES: { readonly [Name in StepTypeName]: StepType<Extract<Step, { type: Name }>> } = ALL;

/** Returns what is known of the type of a step. */
export function typeOf<Name extends StepTypeName>(step: {
  readonly type: Name;
}): StepType<Extract<Step, { type: Name }>> {
  return STEP_TYPES[step.type];
}

/** Returns whether `{{ … }}` is filled in in a field of a step. */
export const isFilledIn = (step: Step, field: string): boolean => includes(typeOf(step).filledIn, field);

/** Returns whether a field of a step may carry secrets. */
export const carriesSecrets = (step: Step, field: string): boolean =>
  includes(typeOf(step).carrySecrets ?? [], field);

const includes = (names: readonly string[], name: string): boolean => names.includes(name);
