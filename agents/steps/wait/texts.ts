import type { StepTexts } from "#/agents/steps/step-type.ts";

export const waitTexts: StepTexts = {
  name: "Wait",
  summary: "Waits for a while, until a moment, or for an event.",
};
