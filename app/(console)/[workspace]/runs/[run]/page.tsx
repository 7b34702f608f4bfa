import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { listApprovals } from "#/db/approvals.ts";
import type { Tenant } from "#/db/client.ts";
import { readProgress } from "#/db/runs.ts";
import { getVersion } from "#/db/workflows.ts";
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

export default async function RunPage({ params }: RunPageProps) {
  const { run: id } = await params;
  const { tenant } = await currentVisit();
  if (!UUID.test(id)) notFound();
  const [{ run, steps }, approvals] = await Promise.all([readProgress(tenant, id, { seq: 0, limit: FIRST_STEPS }), listApprovals(tenant, { run: id, limit: 100 })]);
  if (!run) notFound();
  const version = await versionOf(tenant, run);
  return (
    <Prefetched
      data={[
        [["approvals", { run: id }, `${run.status} ${run.step}`], approvals],
        ...(version ? [[["workflow", run.workflowId, "versions", run.version], version] as const] : []),
      ]}
    >
      <RunView initialRun={run} initialSteps={steps} />
    </Prefetched>
  );
}

async function versionOf(tenant: Tenant, run: { readonly workflowId: string | null; readonly version: number | null }) {
  if (run.workflowId === null || run.version === null) return undefined;
  return getVersion(tenant, run.workflowId, run.version);
}
