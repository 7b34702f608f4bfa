"use client";
import { isEnded } from "#/agents/vocabulary/run.ts";
import Link from "next/link";
import type { Run, RunSummary } from "#/operations/runs/contract.ts";
import { toLabel } from "#/lib/label.ts";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { ProgressBar } from "#/app/_ui/progress-bar.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RunBadge } from "#/app/_ui/status-badge.tsx";
import { Elapsed } from "#/app/_ui/time.tsx";
import { useChildRuns } from "../../_data/runs.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";

interface ChildRunsProps {
  readonly run: Run;
  /** The names of its steps that are crews. */
  readonly crews: ReadonlySet<string>;
}

/** The runs that a run has started: items of its maps, crews and other workflows. Nothing while there are none. */
export function ChildRuns({ run, crews }: ChildRunsProps) {
  const { data, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useChildRuns(
    run.id,
    !isEnded(run.status),
  );
  const children =
    data?.pages
      .flatMap((page) => page.items)
      .toSorted((a, b) => (a.part?.index ?? 0) - (b.part?.index ?? 0)) ?? [];
  if (isPending && run.waitingOn === "child") return <Reading />;
  if (children.length === 0) return undefined;
  const ended = children.filter((child) => isEnded(child.status)).length;
  const more = hasNextPage ? "+" : "";
  return (
    <Card aria-label="Child runs">
      <CardHeader
        title="Child runs"
        description={`${ended} of ${children.length}${more} ended`}
        actions={
          <div className="w-40">
            <ProgressBar label="Finished child runs" part={ended / children.length} />
          </div>
        }
      />
      <ul className="max-h-96 overflow-y-auto">
        {children.map((child) => (
          <ChildRow key={child.id} child={child} crews={crews} />
        ))}
      </ul>
      {hasNextPage && (
        <button
          type="button"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
          className="w-full border-t border-border px-4 py-2 text-sm text-primary touch-target"
        >
          Load more
        </button>
      )}
    </Card>
  );
}

function Reading() {
  return (
    <Card aria-label="Child runs">
      <CardHeader title="Child runs" />
      <SkeletonRows rows={3} />
    </Card>
  );
}

/** What a child run is called: its workflow, a crew, or an item of a map. */
function nameChild({ part, workflowName }: RunSummary, crews: ReadonlySet<string>): string {
  if (!part) return workflowName ?? "Deleted workflow";
  const step = part.step.split("/").at(-1) ?? part.step;
  return crews.has(step) ? `${toLabel(step)} · crew` : `${step} · item ${part.index + 1}`;
}

function ChildRow({ child, crews }: { readonly child: RunSummary; readonly crews: ReadonlySet<string> }) {
  const path = useWorkspacePath();
  return (
    <li className="relative flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-border px-4 py-2 last:border-0 hover:bg-hover">
      {/* The link covers its row. */}
      <Link href={path("runs", child.id)} className="font-medium after:absolute after:inset-0">
        {nameChild(child, crews)}
      </Link>
      <span className="flex items-center gap-3 text-xs text-muted-foreground">
        <Elapsed from={child.startedAt} to={child.finishedAt} />
        <RunBadge run={child} />
      </span>
    </li>
  );
}
