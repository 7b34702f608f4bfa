import type { StepTexts } from "#/agents/steps/step-type.ts";

export const searchTexts: StepTexts = {
  name: "Document search",
  summary: "Finds passages of the workspace's documents that answer a question.",
  atWork: "Searching documents…",
};
