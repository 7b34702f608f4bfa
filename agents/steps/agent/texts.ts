import type { StepTexts } from "#/agents/steps/step-type.ts";

export const agentTexts: StepTexts = {
  name: "Agent",
  summary: "Works towards a goal with a model and tools; every call is a checkpoint.",
  atWork: "Thinking…",
};
