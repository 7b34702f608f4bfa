"use client";
import Link from "next/link";
import { type ReactNode, useEffect, useEffectEvent, useMemo } from "react";
import type { Run, StepLog } from "#/operations/runs/contract.ts";
import { Button, buttonLook } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { sayUsd } from "#/agents/engine/say-amount.ts";
import { FlaskConical, X } from "#/app/_ui/icons.tsx";
import { RunBadge } from "#/app/_ui/status-badge.tsx";
import { Elapsed } from "#/app/_ui/time.tsx";
import { ApprovalCard } from "../../../_approvals/approval-card.tsx";
import { useRunApprovals } from "../../../_data/approvals.ts";
import { useRunDefinition } from "../../../_data/runs.ts";
import { useTriedRun } from "../../../_data/tries.ts";
import { tellKeys } from "../../../_keys/press.ts";
import { useWorkspacePath } from "../../../_shell/workspace-context.tsx";
import { approvalMoment, seenAt } from "../../../runs/[run]/progress.ts";
import { buildTimeline } from "../../../runs/[run]/timeline.ts";
import { totalUsage } from "../../../runs/total-usage.ts";
import { useProgress } from "../../../runs/[run]/use-progress.ts";
import { useStarted } from "../../../runs/[run]/use-started.ts";
import { readResults, startsRuns, type StepResults } from "./step-results.ts";
import { useChildResults } from "./use-child-results.ts";

interface TriedRunProps {
  readonly runId: string;
  /** The draft as it is now: the run may have had another. */
  readonly text: string;
  readonly onResults: (results: StepResults | undefined) => void;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

/** The run that the canvas shows: how it stands, what it asks, and the way to its page. */
export function TriedRun(props: TriedRunProps) {
  const { data, error } = useTriedRun(props.runId);
  if (data) return <Followed {...props} initialRun={data.run} initialSteps={data.steps} />;
  return (
    <Bar>
      <span className="flex-1 text-ink-3">
        {error ? "This run isn’t here any more." : "Reading the run…"}
      </span>
      <CloseButton onClose={props.onClose} />
    </Bar>
  );
}

interface FollowedProps extends TriedRunProps {
  readonly initialRun: Run;
  readonly initialSteps: readonly StepLog[];
}

function Followed({ initialRun, initialSteps, text, onResults, onAgain, onClose }: FollowedProps) {
  const path = useWorkspacePath();
  const progress = useProgress(initialRun, initialSteps);
  const { run, steps } = progress;
  const tried = useRunDefinition(run.id).data;
  useResults(progress, tried?.definition, onResults);
  return (
    <>
      <Questions
        runId={run.id}
        asking={{ moment: approvalMoment(run, steps), isWaiting: run.status === "waiting" }}
      />
      <Bar>
        <RunBadge run={run} />
        <span className="text-ink-3 tabular-nums max-sm:hidden">
          <Elapsed from={run.startedAt} to={run.finishedAt} seenAt={seenAt(progress)} />
        </span>
        <span className="text-ink-3 tabular-nums max-sm:hidden">{sayUsd(totalUsage(run.usage).costUsd)}</span>
        <span className={cn("min-w-0 flex-1 truncate", run.error ? "text-fail-text" : "text-ink-2")}>
          {run.error?.message ?? run.summary}
        </span>
        {tried && tried.source !== text && (
          <span className="whitespace-nowrap text-ink-3 max-md:hidden">The draft has changed since</span>
        )}
        <Link href={path("runs", run.id)} className={buttonLook({ variant: "ghost" })}>
          Open run
        </Link>
        <Button
          variant="ghost"
          className="max-sm:hidden"
          onClick={onAgain}
          title={`Try again (${tellKeys("studio.try")})`}
        >
          Try again
        </Button>
        <CloseButton onClose={onClose} />
      </Bar>
    </>
  );
}

/** Tells the canvas what became of each step, whenever that has changed, and that there is nothing to show when the run is put away. */
function useResults(
  progress: ReturnType<typeof useProgress>,
  definition: unknown,
  onResults: TriedRunProps["onResults"],
): void {
  const { run, steps, live, ended, below } = progress;
  const { status } = run;
  const results = useMemo(
    () =>
      definition === undefined
        ? undefined
        : readResults(definition, buildTimeline({ steps, live, ended }), status),
    [definition, steps, live, ended, status],
  );
  const children = useStarted(progress, startsRuns(definition));
  const all = useChildResults(results, { definition, children, below });
  const tell = useEffectEvent(onResults);
  useEffect(() => {
    if (all) tell(all);
  }, [all]);
  useEffect(() => () => tell(undefined), []);
}

interface QuestionsProps {
  readonly runId: string;
  readonly asking: Parameters<typeof useRunApprovals>[1];
}

/** What the run asks a person, to be answered here. */
function Questions({ runId, asking }: QuestionsProps) {
  const open = useRunApprovals(runId, asking).data?.items.filter(({ status }) => status === "open") ?? [];
  if (open.length === 0) return null;
  return (
    <div className="flex max-h-[45dvh] shrink-0 flex-col gap-3 overflow-y-auto border-t border-line bg-ground p-3">
      {open.map((approval) => (
        <ApprovalCard key={approval.id} approval={approval} />
      ))}
    </div>
  );
}

function Bar({ children }: { readonly children: ReactNode }) {
  return (
    <section
      aria-label="Try"
      className="flex min-h-10 shrink-0 items-center gap-3 border-t border-line bg-sheet pr-2 pl-4 text-xs"
    >
      <FlaskConical aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      {children}
    </section>
  );
}

function CloseButton({ onClose }: { readonly onClose: () => void }) {
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label="Put the results away"
      title="Put the results away"
      onClick={onClose}
    >
      <X aria-hidden />
    </Button>
  );
}
