import type { StepPorts } from "#/agents/steps/step-ports.ts";

/** A workspace without documents. */
export const NO_DOCUMENTS: StepPorts["documents"] = {
  find: async () => new Map(),
  read: async () => undefined,
};
