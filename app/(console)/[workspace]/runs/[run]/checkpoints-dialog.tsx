"use client";
import { ChevronRight, Milestone } from "#/app/_ui/icons.tsx";
import type { Checkpoint } from "#/operations/runs/contract.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog } from "#/app/_ui/dialog.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { JsonView } from "#/app/_ui/json-view.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useCheckpoints } from "../../_data/forks.ts";

interface CheckpointsDialogProps {
  readonly runId: string;
  readonly titleOf: (step: string) => string;
  readonly onClose: () => void;
}

/** Shows where a run stood, checkpoint by checkpoint, with its state at each. */
export function CheckpointsDialog({ runId, titleOf, onClose }: CheckpointsDialogProps) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Checkpoints"
      description="The run’s state after each superstep, newest first. Use the timeline to continue from a step in a new run."
      wide
    >
      <Checkpoints runId={runId} titleOf={titleOf} />
    </Dialog>
  );
}

function Checkpoints({ runId, titleOf }: Omit<CheckpointsDialogProps, "onClose">) {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useCheckpoints(runId);
  if (isPending) return <SkeletonRows rows={4} />;
  if (!data) return <LoadProblem what="checkpoints" error={error} onRetry={() => void refetch()} />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return (
      <EmptyState icon={Milestone} title="No checkpoints kept">
        The first comes with the first step that ends. Those of runs that ended long ago are removed; Settings
        says when.
      </EmptyState>
    );
  return (
    <>
      <ol className="divide-y divide-border">
        {items.map((checkpoint) => (
          <Row key={checkpoint.id} checkpoint={checkpoint} titleOf={titleOf} />
        ))}
      </ol>
      {hasNextPage && (
        <Button className="mt-3" pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Load older
        </Button>
      )}
    </>
  );
}

function Row({
  checkpoint: { superstep, steps, state, createdAt },
  titleOf,
}: {
  readonly checkpoint: Checkpoint;
  readonly titleOf: (step: string) => string;
}) {
  const isEmpty = Object.keys(state).length === 0;
  return (
    <li className="py-2">
      <details className="group">
        <summary className="flex cursor-pointer list-none flex-wrap items-center gap-x-2.5 rounded-md px-1 py-1 touch-target hover:bg-hover [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            className="size-3.5 shrink-0 text-muted-foreground transition-transform group-open:rotate-90"
          />
          <span className="min-w-0 flex-1 font-medium">
            {steps.length === 0 ? "At the start" : `After ${steps.map(titleOf).join(", ")}`}
          </span>
          <span className="text-xs text-muted-foreground">
            superstep {superstep} · <RelativeTime at={createdAt} />
          </span>
        </summary>
        <div className="pt-2">
          {isEmpty ? (
            <p className="px-1 text-muted-foreground">Nothing was saved yet.</p>
          ) : (
            <JsonView value={state} what="state" />
          )}
        </div>
      </details>
    </li>
  );
}
