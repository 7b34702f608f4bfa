import Link from "next/link";
import { Card } from "#/app/_ui/card.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { RunBadge } from "#/app/_ui/status-badge.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import type { Caller } from "#/operations/caller.ts";
import type { Run, RunSummary } from "#/operations/runs/contract.ts";
import { listRuns } from "#/operations/runs/list.ts";
import { RunPath } from "./run-path.tsx";

interface RunChoiceProps {
  readonly caller: Caller;
  readonly run: Run;
  /** The address of the list of runs. */
  readonly home: string;
  /** True if a run was asked for that is not there. */
  readonly isMissing: boolean;
}

const MOST = 20;

/** Offers the runs that a run is worth comparing with: those it came from, those that came from it, and the last of its workflow. */
export async function RunChoice({ caller, run, home, isMissing }: RunChoiceProps) {
  const runs = await listCandidates(caller, run);
  return (
    <>
      <RunPath home={home} run={run} />
      <PageHeader title="Compare runs" description="Choose the run to hold this one against." />
      {isMissing && (
        <Notice tone="warn" title="That run isn’t here" className="mb-4">
          It may have been deleted, or belong to another workspace. Choose one of these.
        </Notice>
      )}
      {runs.length === 0 ? (
        <p className="text-ink-2">
          The workflow has no other run yet. Run this one again, and compare the two.
        </p>
      ) : (
        <Card aria-label="Runs to compare with">
          <ul className="divide-y divide-border">
            {runs.map((candidate) => (
              <Candidate
                key={candidate.id}
                run={candidate}
                href={`${home}/${run.id}/compare?with=${candidate.id}`}
              />
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

async function listCandidates(caller: Caller, run: Run): Promise<readonly RunSummary[]> {
  const lists = await Promise.all([
    listRuns(caller, { forkedFrom: run.id, limit: MOST }),
    run.workflowId === null ? undefined : listRuns(caller, { workflow: run.workflowId, limit: MOST + 1 }),
  ]);
  const found = lists.flatMap((list) => list?.items ?? []);
  const byId = new Map(found.map((candidate) => [candidate.id, candidate]));
  byId.delete(run.id);
  return [...byId.values()].slice(0, MOST);
}

const Candidate = ({ run, href }: { readonly run: RunSummary; readonly href: string }) => (
  <li>
    <Link
      href={href}
      className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 hover:bg-hover"
    >
      <RunBadge run={run} />
      <span className="min-w-0 flex-1 truncate">{run.summary ?? run.workflowName}</span>
      <span className="text-xs text-ink-3">
        {run.version === null ? "changed for this run" : `v${run.version}`}
      </span>
      <span className="text-xs text-ink-3">
        <RelativeTime at={run.createdAt} />
      </span>
    </Link>
  </li>
);
