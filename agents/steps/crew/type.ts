import * as v from "valibot";
import { crewProblems } from "#/agents/definition/check/crew.ts";
import { CREW_FIELDS } from "#/agents/definition/format/crew.ts";
import { STEP_FIELDS } from "#/agents/definition/format/fields.ts";
import { listCrewTools } from "#/agents/definition/plan/crew-agents.ts";
import { placed, pointer, type Problem } from "#/agents/definition/problem.ts";
import { defineStepType, type StepPlace } from "#/agents/steps/step-type.ts";

const schema = v.strictObject({ type: v.literal("crew"), ...STEP_FIELDS, ...CREW_FIELDS });
export type CrewStep = v.InferOutput<typeof schema>;

export const crew = defineStepType({
  schema,
  filledIn: [],
  toolNames: listCrewTools,
  check: (step, place) => [...placed(place.path, crewProblems(step)), ...clashes(step, place)],
  capabilities: () => [],
  policy: { effect: () => "pure", timesOthers: true },
});

/** Tasks see the state around the crew, so they cannot have the names of its keys. */
const clashes = ({ tasks }: CrewStep, { path, stateKeys }: StepPlace): readonly Problem[] =>
  tasks.flatMap(({ id }, index) =>
    stateKeys.has(id)
      ? [
          {
            path: `${path}${pointer("tasks", index, "id")}`,
            message: `“${id}” is a key of the state outside the crew already.`,
          },
        ]
      : [],
  );
