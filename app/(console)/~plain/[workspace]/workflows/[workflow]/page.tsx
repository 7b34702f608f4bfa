import { notFound } from "next/navigation";
import { workflowDetail } from "../../../../[workspace]/_data/queries.ts";
import { answer, Prefetched } from "../../../../[workspace]/prefetched.tsx";
import {
  readWorkflow,
  titleWorkflow,
  type WorkflowPageProps,
} from "../../../../[workspace]/workflows/[workflow]/read-workflow.ts";
import { PlainWorkflow } from "../../../../[workspace]/workflows/[workflow]/plain-workflow.tsx";

export const generateMetadata = titleWorkflow;

/** A workflow where no canvas can be drawn: what can be read of it, and the forms. */
export default async function PlainWorkflowPage({ params }: WorkflowPageProps) {
  const { workflow: id } = await params;
  const workflow = await readWorkflow(id);
  if (!workflow) notFound();
  return (
    <Prefetched answers={[answer(workflowDetail(id), workflow)]}>
      <PlainWorkflow id={id} />
    </Prefetched>
  );
}
