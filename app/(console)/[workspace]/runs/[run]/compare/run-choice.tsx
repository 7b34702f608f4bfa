import { RowLink } from "#/app/_ui/row-link.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { RunBadge } from "#/app/_ui/status-badge.tsx";
import { Elapsed, ExactTime, RelativeTime } from "#/app/_ui/time.tsx";
import { TriggerLabel } from "#/app/_ui/trigger-label.tsx";
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
                origin={tellOrigin(candidate, run)}
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

/** Says how two runs belong together, where one was made from the other. */
function tellOrigin(candidate: RunSummary, run: Run): string | undefined {
  if (candidate.forkedFrom === run.id) return "made from this run";
  return run.forkedFrom === candidate.id ? "this run was made from it" : undefined;
}

interface CandidateProps {
  readonly run: RunSummary;
  readonly origin: string | undefined;
  readonly href: string;
}

/** A run with what tells it from the others of its workflow: how it ended and with what, when, started by what, and its id. */
const Candidate = ({ run, origin, href }: CandidateProps) => (
  <li>
    <RowLink
      href={href}
      className="grid gap-x-3 gap-y-1 px-4 py-2.5 -outline-offset-2 hover:bg-hover md:grid-cols-[10.5rem_minmax(0,1fr)_auto]"
    >
      <RunBadge run={run} />
      <span className="min-w-0">
        <span className="block truncate">{run.summary ?? run.workflowName}</span>
        <span className="mt-0.5 flex flex-wrap gap-x-3 gap-y-0.5 text-xs text-ink-3">
          <ExactTime at={run.createdAt} />
          <TriggerLabel kind={run.trigger.kind} />
          <span>{run.version === null ? "changed for this run" : `v${run.version}`}</span>
          {run.startedAt !== null && (
            <span>
              took <Elapsed from={run.startedAt} to={run.finishedAt} />
            </span>
          )}
          {origin !== undefined && <span className="text-ink-2">{origin}</span>}
        </span>
      </span>
      <span className="text-xs text-ink-3 md:text-right">
        <RelativeTime at={run.createdAt} />
        <span className="ml-3 font-mono md:ml-0 md:block">{run.id.slice(-6)}</span>
      </span>
    </RowLink>
  </li>
);
