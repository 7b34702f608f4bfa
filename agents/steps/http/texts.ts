import type { StepTexts } from "#/agents/steps/step-type.ts";

export const httpTexts: StepTexts = {
  name: "HTTP request",
  summary: "Sends a request to a server; writes go out once.",
  atWork: "Waiting for the response…",
};
