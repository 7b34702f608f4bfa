"use client";
import { Play } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import type { RunFilter } from "../../_data/queries.ts";
import { useRuns } from "../../_data/runs.ts";
import { StartRunDialog } from "../../_start/start-run-dialog.tsx";
import { Checklist } from "./checklist.tsx";
import { RunFilters } from "./run-filters.tsx";
import { RunTable } from "./run-table.tsx";

/** The first page of the console: what to do next, and every run. */
export function RunsView({ filter }: { readonly filter: RunFilter }) {
  const [starting, setStarting] = useState(false);
  return (
    <>
      <PageHeader
        title="Runs"
        description="Every execution of your workflows, newest first. Updates live."
        actions={
          <Button variant="primary" onClick={() => setStarting(true)}>
            <Play aria-hidden /> Start run
          </Button>
        }
      />
      <Checklist />
      <Card>
        <RunFilters filter={filter} />
        <RunList filter={filter} onStart={() => setStarting(true)} />
      </Card>
      <StartRunDialog open={starting} onClose={() => setStarting(false)} />
    </>
  );
}

interface RunListProps {
  readonly filter: RunFilter;
  readonly onStart: () => void;
}

function RunList({ filter, onStart }: RunListProps) {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRuns(filter);
  if (isPending) return <SkeletonRows />;
  if (!data) return <LoadProblem what="runs" error={error} onRetry={() => void refetch()} />;
  const runs = data.pages.flatMap(({ items }) => items);
  if (runs.length === 0) return <NoRuns filtered={Object.values(filter).some(Boolean)} onStart={onStart} />;
  return (
    <>
      <RunTable runs={runs} />
      {hasNextPage && (
        <div className="border-t border-border p-2 text-center">
          <Button variant="ghost" pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Load older runs
          </Button>
        </div>
      )}
    </>
  );
}

function NoRuns({ filtered, onStart }: { readonly filtered: boolean; readonly onStart: () => void }) {
  if (filtered)
    return (
      <EmptyState icon={Play} title="No runs match this filter">
        Try another status, workflow or trigger above, or clear the filters to see all runs.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={Play}
      title="No runs yet"
      actions={
        <Button variant="primary" onClick={onStart}>
          Start your first run
        </Button>
      }
    >
      Start a workflow here or through the API, or add a webhook or a schedule under Triggers.
    </EmptyState>
  );
}
