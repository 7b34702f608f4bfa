import type { StepTexts } from "#/agents/steps/step-type.ts";

export const approvalTexts: StepTexts = {
  name: "Approval",
  summary: "Asks a person and waits for the decision.",
};
