"use client";
import { GitFork } from "#/app/_ui/icons.tsx";
import { lazy, Suspense, useState } from "react";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import type { OutlineNode } from "#/agents/definition/outline/outline.ts";
import { indexTitles } from "#/agents/definition/outline/step-words.ts";
import type { Run } from "#/operations/runs/contract.ts";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { formatDuration } from "#/app/_ui/format.ts";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import { toForkAccount, findBeginning } from "./fork-account.ts";
import { TaskRow } from "./task-row.tsx";
import type { TimelineGroup } from "./timeline.ts";

/** Loaded when somebody wants to continue from a step. */
const ForkDialog = lazy(() => import("./fork-dialog.tsx").then((module) => ({ default: module.ForkDialog })));

interface TimelineViewProps {
  readonly run: Run;
  readonly groups: readonly TimelineGroup[];
  readonly steps: readonly OutlineNode[];
  readonly ended: boolean;
  /** The tools, models and workflows that an edited definition may name. */
  readonly catalogue: Catalogue;
}

/** Shows what the run did, step by step, as it comes. */
export function TimelineView({ run, groups, steps, ended, catalogue }: TimelineViewProps) {
  // Its key: groups are made anew whenever the run moves on.
  const [fromKey, setFromKey] = useState<string>();
  const from = groups.find((group) => group.key === fromKey);
  const known = new Map(steps.map((step) => [step.id, step]));
  const titleOf = indexTitles(steps);
  return (
    <Card aria-label="Timeline">
      <CardHeader title="Timeline" />
      {groups.length === 0 && (
        <p className="px-4 py-6 text-muted-foreground">
          {ended ? "The run ended before its first step." : "The first step is about to start."}
        </p>
      )}
      <ol aria-live="polite" aria-relevant="additions" className="divide-y divide-border">
        {groups.map((group) => (
          <li key={group.key} id={group.key} className="py-2.5 target:bg-primary/5">
            <div className="flex flex-wrap items-center justify-between gap-2 px-4 pb-1">
              <h3 className="font-medium">{titleOf(group.step)}</h3>
              <div className="flex items-center gap-2.5 text-xs text-muted-foreground">
                {group.durationMs > 0 && group.status !== "waiting" && formatDuration(group.durationMs)}
                {group.tasks.every((task) => task.tries.at(-1)?.reused) && (
                  <span title="Reused from the original run">reused</span>
                )}
                <StatusBadge status={group.status} />
                {run.parentId === null && known.has(group.step) && hasBegun(group) && (
                  <button
                    type="button"
                    onClick={() => setFromKey(group.key)}
                    aria-label={`Continue from ${titleOf(group.step)} in a new run`}
                    title="Continue from here in a new run"
                    className="touch-target text-muted-foreground hover:text-foreground"
                  >
                    <GitFork aria-hidden className="size-3.5" />
                  </button>
                )}
              </div>
            </div>
            {group.tasks.map((task) => (
              <TaskRow key={task.taskId} task={task} stepType={known.get(group.step)?.type} />
            ))}
          </li>
        ))}
      </ol>
      {from && (
        <Suspense fallback={null}>
          <ForkDialog
            run={run}
            step={from.step}
            superstep={findBeginning(from)}
            occurrence={groups.filter((group) => group.step === from.step).indexOf(from) + 1}
            account={toForkAccount(groups, from)}
            titleOf={titleOf}
            catalogue={catalogue}
            onClose={() => setFromKey(undefined)}
          />
        </Suspense>
      )}
    </Card>
  );
}

/** Returns whether the log knows where it began: a step at work for the first time is not there yet. */
const hasBegun = ({ tasks }: TimelineGroup) => tasks.some(({ tries }) => tries.length > 0);
