import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { catalogue } from "#/agents/catalogue.ts";
import { showWorkflow } from "#/app/api/v1/workflows/present.ts";
import { listVersions } from "#/db/workflows.ts";
import { Prefetched } from "../../prefetched.tsx";
import { currentVisit } from "../../visit.ts";
import { WorkflowView } from "./workflow-view.tsx";

export const metadata: Metadata = { title: "Workflow" };

interface WorkflowPageProps {
  readonly params: Promise<{ readonly workflow: string }>;
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

export default async function WorkflowPage({ params }: WorkflowPageProps) {
  const { workflow: id } = await params;
  const { tenant } = await currentVisit();
  if (!UUID.test(id)) notFound();
  const [workflow, versions] = await Promise.all([showWorkflow(tenant, id), listVersions(tenant, id, { limit: 100 })]);
  if (!workflow) notFound();
  return (
    <Prefetched
      data={[
        [["workflow", id], workflow],
        [["workflow", id, "versions"], versions],
      ]}
    >
      <WorkflowView id={id} catalogue={catalogue} />
    </Prefetched>
  );
}
