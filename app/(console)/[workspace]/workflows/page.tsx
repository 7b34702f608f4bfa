import type { Metadata } from "next";
import { listWorkflows } from "#/db/workflows.ts";
import { MOST, workflowList } from "../_data/queries.ts";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { WorkflowsView } from "./workflows-view.tsx";

export const metadata: Metadata = { title: "Workflows" };

export default async function WorkflowsPage() {
  const { tenant } = await currentVisit();
  return (
    <Prefetched answers={[answer(workflowList(), await listWorkflows(tenant, { limit: MOST }))]}>
      <WorkflowsView />
    </Prefetched>
  );
}
