import type { StepTexts } from "#/agents/steps/step-type.ts";

export const codeTexts: StepTexts = {
  name: "Code",
  summary: "Runs JavaScript that reaches nothing outside.",
};
