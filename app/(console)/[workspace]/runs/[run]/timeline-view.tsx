"use client";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { formatDuration } from "#/app/_ui/format.ts";
import { labelOf } from "#/app/_ui/schema-fields.ts";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import type { ListedStep } from "./step-list.ts";
import { TaskRow } from "./task-row.tsx";
import type { TimelineGroup } from "./timeline.ts";

interface TimelineViewProps {
  readonly groups: readonly TimelineGroup[];
  readonly steps: readonly ListedStep[];
  readonly ended: boolean;
}

/** What the run did, step by step, as it comes. */
export function TimelineView({ groups, steps, ended }: TimelineViewProps) {
  const known = new Map(steps.map((step) => [step.id, step]));
  return (
    <Card aria-label="Timeline">
      <CardHeader title="Timeline" />
      {groups.length === 0 && <p className="px-4 py-6 text-muted-foreground">{ended ? "The run ended before its first step." : "The first step is about to begin."}</p>}
      <ol aria-live="polite" aria-relevant="additions" className="divide-y divide-border">
        {groups.map((group) => (
          <li key={group.key} id={group.key} className="py-2.5 target:bg-primary/5">
            <div className="flex flex-wrap items-center justify-between gap-2 px-4 pb-1">
              <h3 className="font-medium">{known.get(group.step)?.title ?? labelOf(group.step)}</h3>
              <div className="flex items-center gap-2.5 text-xs text-muted-foreground">
                {group.durationMs > 0 && group.status !== "waiting" && formatDuration(group.durationMs)}
                <StatusBadge status={group.status} />
              </div>
            </div>
            {group.tasks.map((task) => (
              <TaskRow key={task.taskId} task={task} stepType={known.get(group.step)?.type} />
            ))}
          </li>
        ))}
      </ol>
    </Card>
  );
}
