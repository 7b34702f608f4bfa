import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { isUuid } from "#/lib/uuid.ts";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { listApprovals } from "#/operations/approvals/list.ts";
import { estimateNextRun } from "#/operations/runs/estimate.ts";
import { getRunDefinition } from "#/operations/runs/get-definition.ts";
import { listRuns } from "#/operations/runs/list.ts";
import { readProgress } from "#/operations/runs/read-progress.ts";
import { forkList, MOST, MOST_FORKS, runApprovals, runDefinition, runEstimate } from "../../_data/queries.ts";
import { answer, Prefetched } from "../../prefetched.tsx";
import { currentVisit } from "../../visit.ts";
import { approvalMoment } from "./progress.ts";
import { RunView } from "./run-view.tsx";

interface RunPageProps {
  readonly params: Promise<{ readonly run: string }>;
}

/** The rest comes with the stream. */
const FIRST_STEPS = 200;

/** A run with the beginning of its log, read once a request: for the tab's title and for the page. */
const readRun = cache(async (id: string) => {
  const { caller } = await currentVisit();
  if (!isUuid(id)) return undefined;
  const progress = await readProgress(caller, { id, seq: 0, limit: FIRST_STEPS });
  return { ...progress, readAt: Date.now() };
});

export async function generateMetadata({ params }: RunPageProps): Promise<Metadata> {
  const read = await readRun((await params).run);
  return { title: read?.run ? `Run of ${read.run.workflowName ?? "a deleted workflow"}` : "Run" };
}

export default async function RunPage({ params }: RunPageProps) {
  const { run: id } = await params;
  if (!isUuid(id)) notFound();
  const { caller } = await currentVisit();
  const [read, definition, forks, catalogue] = await Promise.all([
    readRun(id),
    getRunDefinition(caller, { id }),
    listRuns(caller, { forkedFrom: id, limit: MOST_FORKS }),
    readCatalogue(caller.tenant),
  ]);
  if (!read?.run) notFound();
  const { run, steps, readAt } = read;
  // Read after the run: a list from before it would be taken for what the run asks now, and not be read again.
  const [approvals, estimate] = await Promise.all([
    listApprovals(caller, { run: id, limit: MOST }),
    run.workflowId === null ? undefined : estimateNextRun(caller, { id: run.workflowId }),
  ]);
  return (
    <Prefetched
      answers={[
        answer(runApprovals(id, approvalMoment(run, steps)), approvals),
        answer(forkList(id), forks),
        ...(run.workflowId === null || !estimate || "refused" in estimate
          ? []
          : [answer(runEstimate(run.workflowId), estimate)]),
        ...("refused" in definition ? [] : [answer(runDefinition(id), definition)]),
      ]}
    >
      <RunView initialRun={run} initialSteps={steps} catalogue={catalogue} readAt={readAt} />
    </Prefetched>
  );
}
