import { notFound } from "next/navigation";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { listVersions } from "#/operations/workflows/list-versions.ts";
import { MOST, versionList, workflowDetail } from "../../_data/queries.ts";
import { PlainTwin } from "../../_form/plain-twin.tsx";
import { answer, Prefetched } from "../../prefetched.tsx";
import { currentVisit } from "../../visit.ts";
import { isId, readWorkflow, titleWorkflow, type WorkflowPageProps } from "./read-workflow.ts";
import { WorkflowView } from "./workflow-view.tsx";

export const generateMetadata = titleWorkflow;

export default async function WorkflowPage({ params }: WorkflowPageProps) {
  const { workflow: id } = await params;
  const { caller } = await currentVisit();
  if (!isId(id)) notFound();
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
      <PlainTwin page={`workflows/${id}`} />
      <WorkflowView id={id} catalogue={catalogue} />
    </Prefetched>
  );
}
