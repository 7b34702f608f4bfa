"use client";
import { Play } from "lucide-react";
import { Card } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useRuns } from "../../_data/runs.ts";
import { RunTable } from "../../runs/_list/run-table.tsx";

/** The newest runs of one workflow. */
export function WorkflowRuns({ id }: { readonly id: string }) {
  const { data, error, isPending, refetch } = useRuns({ workflow: id });
  if (isPending) return <SkeletonRows />;
  if (!data) return <LoadProblem what="The runs" error={error} onRetry={() => void refetch()} />;
  const runs = data.pages.flatMap(({ items }) => items);
  return <Card>{runs.length === 0 ? <EmptyState icon={Play} title="This workflow has not run yet" /> : <RunTable runs={runs} />}</Card>;
}
