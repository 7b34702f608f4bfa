import { servesModels } from "#/agents/vocabulary/connection.ts";
import { useApprovals } from "../_data/approvals.ts";
import { useConnections } from "../_data/connections.ts";
import { useStartedRun } from "../_data/runs.ts";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { hasLetGoOn } from "./real-approvals.ts";

/** Tells which of the first steps are done, in their order: deciding, a webhook, a schedule, a model. Each is true of what has really happened. */
export function useDoneSteps(): readonly boolean[] {
  const { modelNote } = useWorkspace();
  const decided = useApprovals("decided").data?.items ?? [];
  const isCalled = useStartedRun("webhook") !== undefined;
  const isFired = useStartedRun("schedule") !== undefined;
  const connections = useConnections().data?.items ?? [];
  const isServed = modelNote === null || connections.some(({ kind }) => servesModels(kind));
  return [decided.some(hasLetGoOn), isCalled, isFired, isServed];
}
