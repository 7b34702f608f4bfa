import type { StepTexts } from "#/agents/steps/step-type.ts";

export const setTexts: StepTexts = {
  name: "Set values",
  summary: "Puts values together from the input and the state.",
};
