"use client";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { isEnded } from "#/agents/vocabulary/run.ts";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import { type Outline, outlineBody, outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { indexTitles } from "#/agents/definition/outline/step-words.ts";
import type { Run, RunDefinition, StepLog } from "#/operations/runs/contract.ts";
import { Notice } from "#/app/_ui/notice.tsx";
import { useRunApprovals } from "../../_data/approvals.ts";
import { useRunDefinition } from "../../_data/runs.ts";
import { approvalMoment, type Progress, seenAt } from "./progress.ts";
import { RunFailure } from "./run-failure.tsx";
import { RunHeader } from "./run-header.tsx";
import { LaterRuns } from "./later-runs.tsx";
import { RunTrace } from "./run-trace.tsx";
import { buildTimeline } from "./timeline.ts";
import { useMoment } from "./use-moment.ts";
import { useProgress } from "./use-progress.ts";
import { useStarted } from "./use-started.ts";

interface RunViewProps {
  readonly initialRun: Run;
  readonly initialSteps: readonly StepLog[];
  /** The tools, models and workflows that definitions may name. */
  readonly catalogue: Catalogue;
  /** The moment at which the server read the run, by its clock. */
  readonly readAt: number;
}

const NO_OUTLINE: Outline = { nodes: [], edges: [], groups: [] };

function outlineRun(part: Run["part"], definition: RunDefinition | undefined): Outline {
  if (!definition) return NO_OUTLINE;
  return part ? outlineBody(definition.definition, part.step) : outlineDefinition(definition.definition);
}

/** The moment up to which a run is drawn: its end, or now. What its log says has happened is never later. */
function readUntil(now: number, progress: Progress): number {
  const { finishedAt } = progress.run;
  return Math.max(
    finishedAt === null ? now : Date.parse(finishedAt),
    Date.parse(seenAt(progress) ?? "") || 0,
  );
}

/** With its forms a tenth of the page: for runs that ask something. */
const ApprovalCard = dynamic(() =>
  import("../../_approvals/approval-card.tsx").then((module) => module.ApprovalCard),
);

const SECOND_MS = 1_000;
const STARTS_RUNS: ReadonlySet<string> = new Set(["map", "workflow", "crew"]);

/** One run, as it happens. */
export function RunView({ initialRun, initialSteps, catalogue, readAt }: RunViewProps) {
  const progress = useProgress(initialRun, initialSteps);
  const { run, steps, live, ended, refusal, onChanged } = progress;
  const definition = useRunDefinition(run.id).data;
  const { part } = run;
  const outline = useMemo(() => outlineRun(part, definition), [part, definition]);
  const groups = useMemo(() => buildTimeline({ steps, live, ended }), [steps, live, ended]);
  const startsRuns = outline.nodes.some(({ type }) => STARTS_RUNS.has(type));
  const children = useStarted(progress, startsRuns);
  const now = useMoment(readAt, isEnded(run.status) ? 0 : SECOND_MS);
  return (
    <div data-full-sheet className="flex flex-col max-md:pb-20 lg:min-h-[calc(100dvh-1rem-2px)]">
      <RunHeader
        run={run}
        seenAt={seenAt(progress)}
        connected={progress.connected || refusal !== undefined}
        titleOf={indexTitles(outline.nodes)}
        onChanged={onChanged}
      />
      {refusal !== undefined && <NotLive refusal={refusal} />}
      <Questions progress={progress} titleOf={indexTitles(outline.nodes)} />
      <RunTrace
        run={run}
        steps={steps}
        live={live}
        groups={groups}
        started={children}
        below={progress.below}
        outline={outline}
        definition={definition?.definition}
        catalogue={catalogue}
        until={readUntil(now, progress)}
      />
    </div>
  );
}

/** Says why the page stands still, and what becomes of that. */
function NotLive({ refusal }: { readonly refusal: string }) {
  return (
    <Notice tone="info" title="This page is not up to date" className="mx-4 mb-4 md:mx-6">
      {refusal} Live updates are tried again every 10 seconds.
    </Notice>
  );
}

interface QuestionsProps {
  readonly progress: Progress;
  readonly titleOf: (step: string) => string;
}

/** Shows first what matters most: a failure, a question, a hold, the runs that were made of this one. */
function Questions({ progress: { run, steps }, titleOf }: QuestionsProps) {
  const isWaiting = run.status === "waiting";
  const asked = useRunApprovals(run.id, { moment: approvalMoment(run, steps), isWaiting });
  const approvals = asked.data?.items ?? [];
  return (
    <div className="flex flex-col gap-3 px-4 pb-4 empty:hidden md:px-6">
      {run.error && <RunFailure run={run} error={run.error} titleOf={titleOf} />}
      {approvals
        .filter(({ status }) => status === "open")
        .map((approval) => (
          <ApprovalCard key={approval.id} approval={approval} />
        ))}
      {run.status === "paused" && (
        <Notice tone="warn" title="This run is paused">
          No new step starts until someone resumes it. Open approvals can still be decided.
        </Notice>
      )}
      <LaterRuns run={run} />
    </div>
  );
}
