"use client";
import { GitFork } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { RowLink } from "#/app/_ui/row-link.tsx";
import type { Run, RunSummary } from "#/operations/runs/contract.ts";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useForks } from "../../_data/runs.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";

/** The runs that were made from this one, here or elsewhere, as soon as they are there. Nothing while there are none. */
export function LaterRuns({ run }: { readonly run: Run }) {
  const later = useForks(run.id).data?.items ?? [];
  return (
    // The region is there before its news, or they would not be read out. Empty, it takes no room.
    <div aria-live="polite" className={later.length === 0 ? "-mb-5" : ""}>
      {later.length > 0 && (
        <section aria-label="Later runs" className="rounded-lg border border-info/30 bg-info/5 px-3.5 py-3">
          <h2 className="flex items-center gap-2 font-medium">
            <GitFork aria-hidden className="size-4 text-info" />{" "}
            {later.length === 1
              ? "A later run was started from this one"
              : "Later runs were started from this one"}
          </h2>
          <ul className="mt-1">
            {later.map((fork) => (
              <LaterRun key={fork.id} runId={run.id} fork={fork} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

interface LaterRunProps {
  /** The run that it was started from. */
  readonly runId: string;
  readonly fork: RunSummary;
}

function LaterRun({ runId, fork }: LaterRunProps) {
  const path = useWorkspacePath();
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1">
      <RowLink
        href={path("runs", fork.id)}
        className="inline-flex items-center font-medium text-primary underline underline-offset-2 touch-target"
      >
        Open later run
      </RowLink>
      <Link
        href={`${path("runs", runId, "compare")}?with=${fork.id}`}
        prefetch={false}
        className="text-ink-2 underline underline-offset-2 touch-target"
      >
        Compare
      </Link>
      <span className="text-xs text-muted-foreground">
        <RelativeTime at={fork.createdAt} />
        {fork.version === null && ", with an edited definition"}
      </span>
      <StatusBadge status={fork.status} waitingOn={fork.waitingOn} />
    </li>
  );
}
