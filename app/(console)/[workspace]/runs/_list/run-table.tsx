"use client";
import Link from "next/link";
import type { RunSummary } from "#/operations/runs/contract.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { formatCost } from "#/app/_ui/format.ts";
import { RunBadge } from "#/app/_ui/status-badge.tsx";
import { Elapsed, RelativeTime } from "#/app/_ui/time.tsx";
import { TriggerLabel } from "#/app/_ui/trigger-label.tsx";
import { totalUsage } from "../total-usage.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";

const COLUMNS = [
  { label: "Status", look: "hidden sm:table-cell" },
  { label: "Workflow", look: "w-full" },
  { label: "Trigger", look: "hidden lg:table-cell" },
  { label: "Started", look: "hidden sm:table-cell" },
  { label: "Duration", look: "hidden text-right lg:table-cell" },
  { label: "Cost", look: "hidden text-right lg:table-cell" },
] as const;

/** Runs as a table. Narrow screens have one column that tells it all. */
export function RunTable({ runs }: { readonly runs: readonly RunSummary[] }) {
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr className="border-b border-border text-left text-xs text-muted-foreground">
          {COLUMNS.map(({ label, look }) => (
            <th
              key={label}
              scope="col"
              className={cn("px-3 py-2 text-2xs font-medium text-ink-3 first:pl-4 last:pr-4", look)}
            >
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run }: { readonly run: RunSummary }) {
  const path = useWorkspacePath();
  return (
    <tr className="relative border-b border-border last:border-0 hover:bg-hover">
      <td className="hidden py-2 pr-3 pl-4 align-middle sm:table-cell">
        <RunBadge run={run} />
      </td>
      <td className="min-w-0 px-4 py-2 sm:px-3">
        <p className="mb-1 sm:hidden">
          <RunBadge run={run} />
        </p>
        {/* The link covers its row. */}
        <Link href={path("runs", run.id)} className="font-medium after:absolute after:inset-0">
          {run.workflowName ?? "Deleted workflow"}
        </Link>
        <span className="ml-2 text-xs text-muted-foreground">
          {run.version !== null && `v${run.version}`}
        </span>
        {run.error && <p className="line-clamp-1 text-xs text-bad">{run.error.message}</p>}
        <p className="flex flex-wrap gap-x-3 text-xs text-muted-foreground lg:hidden">
          <TriggerLabel kind={run.trigger.kind} />
          <span className="sm:hidden">
            <RelativeTime at={run.createdAt} />
          </span>
        </p>
      </td>
      <td className="hidden px-3 py-2 align-middle text-xs lg:table-cell">
        <TriggerLabel kind={run.trigger.kind} />
      </td>
      <td className="hidden px-3 py-2 align-middle text-xs/5 text-ink-3 sm:table-cell">
        <RelativeTime at={run.createdAt} />
      </td>
      <td className="hidden px-3 py-2 text-right align-middle text-xs/5 text-ink-2 lg:table-cell">
        <Elapsed from={run.startedAt} to={run.finishedAt} />
      </td>
      <td className="hidden py-2 pr-4 pl-3 text-right align-middle text-xs/5 text-ink-2 lg:table-cell">
        {formatCost(totalUsage(run.usage).costUsd)}
      </td>
    </tr>
  );
}
