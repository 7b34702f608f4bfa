import type { StepTexts } from "#/agents/steps/step-type.ts";

export const crewTexts: StepTexts = {
  name: "Crew",
  summary: "Lets a team of agents do a list of tasks, in a run of its own.",
};
