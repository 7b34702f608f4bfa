"use client";
import { Flag, Pause, Play } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button, buttonLook } from "#/app/_ui/button.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { StonePile } from "#/app/_ui/stone-pile.tsx";
import { Switch } from "#/app/_ui/switch.tsx";
import type { RunFilter } from "../../_data/queries.ts";
import { useFollowers, useRuns } from "../../_data/runs.ts";
import { useCommands } from "../../_command/bar-store.ts";
import { FirstSteps } from "../../_first-steps/first-steps.tsx";
import { useFirstSteps } from "../../_first-steps/first-steps-store.ts";
import { useShortcuts } from "../../_keys/use-shortcuts.ts";
import { useWorkspace, useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { StartRunDialog } from "../../_start/start-run-dialog.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { useListSettings } from "./list-settings.ts";
import { isNarrowed } from "./read-filter.ts";
import { RunFilters } from "./run-filters.tsx";
import { RunHistogram } from "./run-histogram.tsx";
import { RunTable } from "./run-table.tsx";
import { SavedViews } from "./saved-views.tsx";

interface RunsViewProps {
  readonly filter: RunFilter;
  /** The browser has not put the first steps of this workspace away. */
  readonly isNew: boolean;
  /** The moment at which the server made the page, by its clock. */
  readonly readAt: number;
}

/** The first page of the console: what to do next, and every run. */
export function RunsView({ filter, isNew, readAt }: RunsViewProps) {
  const [starting, setStarting] = useState(false);
  const { live, setLive } = useListSettings();
  const guide = useGuide(isNew);
  useEffect(() => void useListSettings.persist.rehydrate(), []);
  const start = () => setStarting(true);
  useShortcuts({ "runs.start": start });
  useCommands([
    {
      id: "start",
      label: "Start a run",
      picture: Play,
      shortcut: "runs.start",
      needs: "runs:start",
      act: start,
    },
    {
      id: "live",
      label: live ? "Hold the list still" : "Keep the list live",
      picture: live ? Pause : Play,
      words: "refresh update",
      act: () => setLive(!live),
    },
    ...guide.commands,
  ]);
  return (
    <div data-full-sheet className="max-md:pb-20">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-5 pb-3 md:px-6">
        <h1 className="mr-auto text-xl font-semibold">Runs</h1>
        <span className="flex items-center gap-2 text-ink-2">
          <Switch label="Live" checked={live} onChange={setLive} />
          <span aria-hidden>Live</span>
        </span>
        {/* One primary button a page: the one of the first steps while they are there. */}
        <Button variant={guide.isShown ? "outline" : "primary"} onClick={start}>
          <Play aria-hidden /> Start run
        </Button>
      </header>
      {guide.isShown && (
        <div className="px-4 md:px-6">
          <FirstSteps layout="wide" />
        </div>
      )}
      <SavedViews />
      <RunHistogram filter={filter} readAt={readAt} />
      <RunFilters filter={filter} now={readAt} />
      <RunList filter={filter} readAt={readAt} isGuided={guide.isShown} onStart={start} />
      <StartRunDialog open={starting} onClose={() => setStarting(false)} />
    </div>
  );
}

/** Whether the first steps are shown, and the command that shows them again. */
function useGuide(isNew: boolean) {
  const { id } = useWorkspace();
  const { dismissed, restore } = useFirstSteps();
  const router = useRouter();
  const isShown = isNew && !dismissed.includes(id);
  const show = {
    id: "first-steps",
    label: "Show the first steps",
    picture: Flag,
    words: "help guide checklist start tour",
    act: () => {
      restore(id);
      router.refresh();
    },
  };
  return { isShown, commands: isShown ? [] : [show] };
}

interface RunListProps extends Omit<RunsViewProps, "isNew"> {
  readonly isGuided: boolean;
  readonly onStart: () => void;
}

function RunList({ filter, readAt, isGuided, onStart }: RunListProps) {
  const live = useListSettings((settings) => settings.live);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRuns(
    filter,
    live,
  );
  const runs = data?.pages.flatMap(({ items }) => items) ?? [];
  useFollowers(runs.map(({ id, status }) => `${id} ${status}`).join());
  if (isPending) return <SkeletonRows />;
  if (!data) return <LoadProblem what="runs" error={error} onRetry={() => void refetch()} />;
  if (runs.length === 0 && isNarrowed(filter)) return <NoMatch />;
  if (runs.length === 0) return <NoRuns isGuided={isGuided} onStart={onStart} />;
  const chosen = runs.filter(({ id }) => marked.has(id));
  const mark = (id: string) =>
    setMarked((before) => (before.has(id) ? before.difference(new Set([id])) : new Set([...before, id])));
  return (
    <>
      <RunTable runs={runs} now={readAt} marked={marked} onMark={mark} />
      {hasNextPage && (
        <div className="border-t border-border p-2 text-center">
          <Button variant="ghost" pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Load older runs
          </Button>
        </div>
      )}
      {chosen.length > 0 && <BulkBar runs={chosen} onDone={() => setMarked(new Set())} />}
    </>
  );
}

const NoMatch = () => (
  <EmptyState icon={Play} title="No runs match this filter">
    Try other words, another status, workflow or time, or clear the filters to see all runs.
  </EmptyState>
);

function NoRuns({ isGuided, onStart }: Pick<RunListProps, "isGuided" | "onStart">) {
  const path = useWorkspacePath();
  return (
    <EmptyState
      icon={Play}
      // One pile a page: the first steps have theirs.
      picture={isGuided ? undefined : <StonePile stones={FIRST_STONE} className="mb-3 w-70" />}
      title="No runs yet"
      actions={
        <>
          <Button variant={isGuided ? "outline" : "primary"} onClick={onStart}>
            Start your first run
          </Button>
          <Link href={path("workflows/new")} className={buttonLook()}>
            Browse templates
          </Link>
        </>
      }
    >
      A run leaves a stone at every step. When something breaks, it goes on from the last one.
    </EmptyState>
  );
}

const FIRST_STONE = ["here", "open", "open", "open"] as const;
