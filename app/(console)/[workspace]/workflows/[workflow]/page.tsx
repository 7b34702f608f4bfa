import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { getWorkflow } from "#/operations/workflows/get.ts";
import { listVersions } from "#/operations/workflows/list-versions.ts";
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
  const { caller } = await currentVisit();
  const workflow = UUID.test(id) ? await getWorkflow(caller, { id }) : undefined;
  return workflow && "refused" in workflow ? undefined : workflow;
});

export async function generateMetadata({ params }: WorkflowPageProps): Promise<Metadata> {
  const workflow = await readWorkflow((await params).workflow);
  return { title: workflow?.name ?? "Workflow" };
}

export default async function WorkflowPage({ params }: WorkflowPageProps) {
  const { workflow: id } = await params;
  const { caller } = await currentVisit();
  if (!UUID.test(id)) notFound();
  const [workflow, versions, catalogue] = await Promise.all([
    readWorkflow(id),
    listVersions(caller, { id, limit: MOST }),
    readCatalogue(caller.tenant),
  ]);
  if (!workflow) notFound();
  return (
    <Prefetched
      answers={[
        answer(workflowDetail(id), workflow),
        ...("refused" in versions ? [] : [answer(versionList(id), versions)]),
      ]}
    >
      <WorkflowView id={id} catalogue={catalogue} />
    </Prefetched>
  );
}
