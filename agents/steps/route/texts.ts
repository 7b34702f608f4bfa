import type { StepTexts } from "#/agents/steps/step-type.ts";

export const routeTexts: StepTexts = {
  name: "Routing decision",
  summary: "Lets a model choose the one route that fits best.",
};
