import type { StepTexts } from "#/agents/steps/step-type.ts";

export const mapTexts: StepTexts = {
  name: "Map over a list",
  summary: "Does the same for each item of a list, several at a time.",
};
