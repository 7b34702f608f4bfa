import type { Metadata } from "next";
import { listWorkflows } from "#/operations/workflows/list.ts";
import { MOST, workflowList } from "../_data/queries.ts";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { WorkflowsView } from "./workflows-view.tsx";

export const metadata: Metadata = { title: "Workflows" };

export default async function WorkflowsPage() {
  const { caller } = await currentVisit();
  return (
    <Prefetched answers={[answer(workflowList(), await listWorkflows(caller, { limit: MOST }))]}>
      <WorkflowsView />
    </Prefetched>
  );
}
