import type { StepPorts } from "#/agents/steps/step-ports.ts";

/** For runs whose tools stay as they are. */
export const NO_TOOL_CHANGES: StepPorts["toolChanges"] = {
  listAccepted: async () => [],
  decide: async () => "not-admin",
};
