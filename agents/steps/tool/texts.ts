import type { StepTexts } from "#/agents/steps/step-type.ts";

export const toolTexts: StepTexts = {
  name: "Tool",
  summary: "Calls one tool with given arguments, without a model.",
};
