import type { Metadata } from "next";
import { listWorkflows } from "#/db/workflows.ts";
import { Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { WorkflowsView } from "./workflows-view.tsx";

export const metadata: Metadata = { title: "Workflows" };

export default async function WorkflowsPage() {
  const { tenant } = await currentVisit();
  return (
    <Prefetched data={[[["workflows"], await listWorkflows(tenant, { limit: 100 })]]}>
      <WorkflowsView />
    </Prefetched>
  );
}
