import type { StepTexts } from "#/agents/steps/step-type.ts";

export const llmTexts: StepTexts = {
  name: "Model call",
  summary: "Asks a model once; the answer is a text, or JSON of a given schema.",
  atWork: "Thinking…",
};
