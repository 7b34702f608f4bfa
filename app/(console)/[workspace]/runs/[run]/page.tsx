import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { catalogue } from "#/agents/catalogue.ts";
import { listApprovals } from "#/db/approvals.ts";
import { getRunDefinition, listRuns, readProgress } from "#/db/runs.ts";
import { Prefetched } from "../../prefetched.tsx";
import { currentVisit } from "../../visit.ts";
import { RunView } from "./run-view.tsx";

export const metadata: Metadata = { title: "Run" };

interface RunPageProps {
  readonly params: Promise<{ readonly run: string }>;
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
/** The rest comes with the stream. */
const FIRST_STEPS = 200;
const FIRST_FORKS = 20;

export default async function RunPage({ params }: RunPageProps) {
  const { run: id } = await params;
  const { tenant } = await currentVisit();
  if (!UUID.test(id)) notFound();
  const [{ run, steps }, approvals, definition, forks] = await Promise.all([
    readProgress(tenant, id, { seq: 0, limit: FIRST_STEPS }),
    listApprovals(tenant, { run: id, limit: 100 }),
    getRunDefinition(tenant, id),
    listRuns(tenant, { forkedFrom: id, limit: FIRST_FORKS }),
  ]);
  if (!run) notFound();
  return (
    <Prefetched
      data={[
        [["approvals", { run: id }, `${run.status} ${run.step}`], approvals],
        [["runs", "forks", id], forks],
        ...(definition ? [[["run-definition", id], definition] as const] : []),
      ]}
    >
      <RunView initialRun={run} initialSteps={steps} catalogue={catalogue} />
    </Prefetched>
  );
}
