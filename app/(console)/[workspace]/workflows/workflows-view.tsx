"use client";
import { Plus, Search, Workflow } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { useState } from "react";
import type { WorkflowSummary } from "#/operations/workflows/contract.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { buttonLook } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { Input } from "#/app/_ui/field.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useWorkflows } from "../_data/workflows.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";

const KIND_NAME: Readonly<Record<NonNullable<WorkflowSummary["kind"]>, string>> = {
  direct: "Direct",
  crew: "Crew",
  graph: "Graph",
};

export function WorkflowsView() {
  const path = useWorkspacePath();
  const create = (
    <Link href={path("workflows", "new")} className={buttonLook({ variant: "primary" })}>
      <Plus aria-hidden /> New workflow
    </Link>
  );
  return (
    <>
      <PageHeader
        title="Workflows"
        description="What your agents do. Each has a draft and published versions that never change."
        actions={create}
      />
      <Card>
        <WorkflowList />
      </Card>
    </>
  );
}

function WorkflowList() {
  const { data, error, isPending, refetch } = useWorkflows();
  const [words, setWords] = useState("");
  if (isPending) return <SkeletonRows />;
  if (!data) return <LoadProblem what="workflows" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0)
    return (
      <EmptyState icon={Workflow} title="No workflows yet">
        Start from a template: a question to a model, a crew, or a graph with an approval.
      </EmptyState>
    );
  const shown = data.items.filter(({ name }) => name.toLowerCase().includes(words.toLowerCase()));
  return (
    <>
      <div className="relative border-b border-border p-2.5">
        <Search
          aria-hidden
          className="absolute top-1/2 left-5 size-4 -translate-y-1/2 text-muted-foreground"
        />
        <Input
          data-search
          type="search"
          aria-label="Filter workflows by name"
          placeholder="Filter by name"
          className="h-8 max-w-xs border-border pl-8"
          value={words}
          onChange={({ target }) => setWords(target.value)}
        />
      </div>
      {shown.length === 0 && (
        <EmptyState icon={Workflow} title="No matching workflows">
          Try part of a name, or clear the search to see all workflows.
        </EmptyState>
      )}
      <ul className="divide-y divide-border">
        {shown.map((workflow) => (
          <WorkflowRow key={workflow.id} workflow={workflow} />
        ))}
      </ul>
    </>
  );
}

function WorkflowRow({ workflow }: { readonly workflow: WorkflowSummary }) {
  const path = useWorkspacePath();
  const { id, name, description, kind, publishedVersion, updatedAt } = workflow;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-hover">
      <div className="min-w-0 flex-1 basis-60">
        <RowLink href={path("workflows", id)} className="font-medium after:absolute after:inset-0">
          {name}
        </RowLink>
        {description && <p className="line-clamp-1 text-muted-foreground">{description}</p>}
      </div>
      <div className="flex items-center gap-2">
        {kind && <Badge>{KIND_NAME[kind]}</Badge>}
        {publishedVersion === null ? (
          <Badge tone="warn">Draft only</Badge>
        ) : (
          <Badge tone="ok">{`Published v${publishedVersion}`}</Badge>
        )}
      </div>
      <span className="w-36 text-xs text-muted-foreground md:text-right">
        changed <RelativeTime at={updatedAt} />
      </span>
    </li>
  );
}
