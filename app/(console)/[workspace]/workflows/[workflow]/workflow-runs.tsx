"use client";
import { ArrowRight, Play } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { buttonLook } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useRuns } from "../../_data/runs.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { RunTable } from "../../runs/_list/run-table.tsx";

/** The newest runs of one workflow. */
export function WorkflowRuns({ id }: { readonly id: string }) {
  const path = useWorkspacePath();
  const { data, error, isPending, refetch } = useRuns({ workflow: id }, true);
  if (isPending) return <SkeletonRows />;
  if (!data) return <LoadProblem what="runs" error={error} onRetry={() => void refetch()} />;
  const runs = data.pages.flatMap(({ items }) => items);
  if (runs.length === 0) {
    return (
      <Card>
        <EmptyState icon={Play} title="No runs yet">
          Publish it and start a run above, or let a webhook or a schedule start it (Triggers).
        </EmptyState>
      </Card>
    );
  }
  const all = (
    <Link href={`${path("runs")}?workflow=${id}`} className={buttonLook({ variant: "ghost" })}>
      All runs <ArrowRight aria-hidden />
    </Link>
  );
  return (
    <Card>
      <CardHeader title="Recent runs" actions={all} />
      <RunTable runs={runs} />
    </Card>
  );
}
