import type { StepTexts } from "#/agents/steps/step-type.ts";

export const respondTexts: StepTexts = {
  name: "Response to the caller",
  summary: "Says what the caller of the webhook gets.",
};
