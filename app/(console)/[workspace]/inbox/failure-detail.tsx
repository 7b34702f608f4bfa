"use client";
import { Check, RotateCw } from "#/app/_ui/icons.tsx";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { sayUsd } from "#/agents/engine/say-amount.ts";
import { Key } from "#/app/_ui/key.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { RunBadge } from "#/app/_ui/status-badge.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { toLabel } from "#/lib/label.ts";
import type { RunSummary } from "#/operations/runs/contract.ts";
import { useRetryRun } from "../_data/forks.ts";
import { useDismissRun } from "../_data/runs.ts";
import { DetailFrame } from "./detail-frame.tsx";

interface FailureDetailProps {
  readonly run: RunSummary;
  readonly place: string;
  readonly onBack: () => void;
}

/** A run that failed and what can be done about it. Once it is retried or dismissed it is gone from here. */
export function FailureDetail({ run, place, onBack }: FailureDetailProps) {
  const retry = useRetryRun(run.id);
  const dismiss = useDismissRun(run.id);
  const error = retry.error ?? dismiss.error;
  const isOver = retry.isSuccess || dismiss.isSuccess;
  const { title, whole } = splitMessage(run.error?.message ?? "The run failed");
  return (
    <DetailFrame
      label={`Failed run of ${run.workflowName ?? "a deleted workflow"}`}
      badge={<RunBadge run={run} />}
      title={title}
      facts={<Facts run={run} />}
      runId={run.id}
      place={place}
      onBack={onBack}
    >
      {whole !== undefined && (
        <p className="max-h-80 overflow-y-auto rounded-lg border border-line bg-well px-4 py-2.5 font-mono text-xs leading-5 break-words whitespace-pre-wrap">
          {whole}
        </p>
      )}
      <p className="max-w-[66ch] text-read text-ink-2">{describeRetry(run)}</p>
      {error && (
        <Notice tone="bad" title="That did not work">
          {describeError(error)}
        </Notice>
      )}
      <div className="sticky bottom-0 -mx-4 mt-auto flex flex-wrap items-center gap-2 border-t border-line bg-sheet px-4 py-3 max-md:bottom-14 max-md:[&>[data-key]]:grow md:-mx-8 md:px-8">
        <Button
          variant="primary"
          size="md"
          data-key="a"
          pending={retry.isPending}
          disabled={isOver}
          onClick={() => retry.mutate()}
        >
          <RotateCw aria-hidden /> Retry <Key name="a" />
        </Button>
        <Button
          size="md"
          data-key="r"
          pending={dismiss.isPending}
          disabled={isOver}
          onClick={() => dismiss.mutate()}
        >
          <Check aria-hidden /> Dismiss <Key name="r" />
        </Button>
        <span className="text-xs text-ink-3">Dismissed, it stays in the list of runs.</span>
      </div>
    </DetailFrame>
  );
}

/** A message that is longer than a headline stands below it as a whole. */
const LONGEST_TITLE = 160;

function splitMessage(message: string): { readonly title: string; readonly whole?: string } {
  if (message.length <= LONGEST_TITLE) return { title: message };
  return { title: `${message.slice(0, LONGEST_TITLE).replace(/\s\S*$/, "")}…`, whole: message };
}

function describeRetry({ step, usage }: RunSummary): string {
  if (step === 0) return "Nothing was done yet: a retry begins at the start.";
  const checkpoints = step === 1 ? "the one checkpoint" : `the last of ${step} checkpoints`;
  const done =
    usage.costUsd > 0
      ? `What was done, for ${sayUsd(usage.costUsd)}, is not paid for again.`
      : "What was done is not done again.";
  return `A retry goes on from ${checkpoints}. ${done}`;
}

function Facts({ run: { workflowName, version, error, finishedAt } }: Pick<FailureDetailProps, "run">) {
  return (
    <>
      <span>
        {workflowName ?? "A deleted workflow"}
        {version !== null && ` v${version}`}
      </span>
      {error?.step !== undefined && <span>at {toLabel(error.step)}</span>}
      {finishedAt && <RelativeTime at={finishedAt} />}
    </>
  );
}
