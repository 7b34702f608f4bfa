import type { StepTexts } from "#/agents/steps/step-type.ts";

export const storeTexts: StepTexts = {
  name: "Store",
  summary: "Keeps a value for other runs, or reads what one has kept.",
};
