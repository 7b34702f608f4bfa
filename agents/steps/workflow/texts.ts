import type { StepTexts } from "#/agents/steps/step-type.ts";

export const workflowTexts: StepTexts = {
  name: "Workflow run",
  summary: "Runs another workflow and waits for its output.",
};
