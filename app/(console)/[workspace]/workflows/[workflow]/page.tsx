import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { showWorkflow } from "#/operations/workflows/show.ts";
import { listVersions } from "#/db/versions.ts";
import { MOST, versionList, workflowDetail } from "../../_data/queries.ts";
import { answer, Prefetched } from "../../prefetched.tsx";
import { currentVisit } from "../../visit.ts";
import { WorkflowView } from "./workflow-view.tsx";

interface WorkflowPageProps {
  readonly params: Promise<{ readonly workflow: string }>;
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The workflow, read once a request: for the tab's title and for the page. */
const readWorkflow = cache(async (id: string) => {
  const { tenant } = await currentVisit();
  return UUID.test(id) ? showWorkflow(tenant, id) : undefined;
});

export async function generateMetadata({ params }: WorkflowPageProps): Promise<Metadata> {
  const workflow = await readWorkflow((await params).workflow);
  return { title: workflow?.name ?? "Workflow" };
}

export default async function WorkflowPage({ params }: WorkflowPageProps) {
  const { workflow: id } = await params;
  const { tenant } = await currentVisit();
  if (!UUID.test(id)) notFound();
  const [workflow, versions] = await Promise.all([
    readWorkflow(id),
    listVersions(tenant, id, { limit: MOST }),
  ]);
  if (!workflow) notFound();
  return (
    <Prefetched
      answers={[
        answer(workflowDetail(id), workflow),
        ...(versions ? [answer(versionList(id), versions)] : []),
      ]}
    >
      <WorkflowView id={id} catalogue={readCatalogue()} />
    </Prefetched>
  );
}
