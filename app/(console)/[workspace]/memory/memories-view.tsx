"use client";
import { StickyNote } from "#/app/_ui/icons.tsx";
import { useDeferredValue, useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { Input, Select } from "#/app/_ui/field.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { SegmentedControl } from "#/app/_ui/segmented-control.tsx";
import type { Memory } from "#/operations/memories/contract.ts";
import { useMemories } from "../_data/memories.ts";
import { FIRST_MEMORIES, type MemoryFilter } from "../_data/queries.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { EditDialog } from "./edit-dialog.tsx";
import { ForgetDialog } from "./forget-dialog.tsx";
import { MemoryRow } from "./memory-row.tsx";
import { SCOPE_WORDS } from "./memory-words.ts";

/** Everything that agents remember, to be found, corrected and deleted. */
export function MemoriesView({ canChange }: { readonly canChange: boolean }) {
  const [filter, setFilter] = useState<MemoryFilter>(FIRST_MEMORIES);
  const [forgetting, setForgetting] = useState(false);
  return (
    <>
      <PageHeader
        title="Memory"
        description="What agents have learned in runs and are told in later ones. Agents have a memory where their workflow says so."
        actions={canChange && <Button onClick={() => setForgetting(true)}>Forget somebody</Button>}
      />
      <Filters filter={filter} onChange={setFilter} />
      <Memories filter={useDeferredValue(filter)} canChange={canChange} />
      <ForgetDialog open={forgetting} onClose={() => setForgetting(false)} />
    </>
  );
}

interface FiltersProps {
  readonly filter: MemoryFilter;
  readonly onChange: (filter: MemoryFilter) => void;
}

const STATES = [
  { value: "valid", label: "Valid" },
  { value: "ended", label: "Out of date" },
] as const;

function Filters({ filter, onChange }: FiltersProps) {
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2">
      <Input
        data-search
        type="search"
        aria-label="Search memory"
        placeholder="Search by words or key"
        className="max-w-md flex-1 basis-56"
        value={filter.search ?? ""}
        onChange={({ target }) => onChange({ ...filter, search: target.value })}
      />
      <Select
        aria-label="Shared by"
        className="w-auto"
        value={filter.scope ?? ""}
        onChange={({ target }) => onChange({ ...filter, scope: readScope(target.value) })}
      >
        <option value="">Shared by anybody</option>
        {Object.entries(SCOPE_WORDS).map(([scope, words]) => (
          <option key={scope} value={scope}>
            {words}
          </option>
        ))}
      </Select>
      <SegmentedControl
        label="Validity"
        options={STATES}
        value={filter.state}
        onChange={(state) => onChange({ ...filter, state })}
      />
    </search>
  );
}

const readScope = (value: string): MemoryFilter["scope"] =>
  value === "workspace" || value === "workflow" || value === "agent" ? value : undefined;

interface MemoriesProps {
  readonly filter: MemoryFilter;
  readonly canChange: boolean;
}

function Memories({ filter, canChange }: MemoriesProps) {
  const [editing, setEditing] = useState<Memory>();
  const [deleting, setDeleting] = useState<Memory>();
  const { data, error, isPending, refetch, ...paging } = useMemories(filter);
  const { hasNextPage } = paging;
  if (isPending) return <SkeletonRows />;
  if (!data) return <LoadProblem what="memory" error={error} onRetry={() => void refetch()} />;
  const memories = data.pages.flatMap(({ items }) => items);
  return (
    <Card aria-label="Memory">
      {memories.length === 0 && !hasNextPage && <NothingRemembered filter={filter} />}
      <ul className="divide-y divide-border">
        {memories.map((memory) => (
          <MemoryRow
            key={memory.id}
            memory={memory}
            {...(canChange && { onEdit: () => setEditing(memory), onDelete: () => setDeleting(memory) })}
          />
        ))}
      </ul>
      {hasNextPage && (
        <More
          isFirst={memories.length === 0}
          isLoading={paging.isFetchingNextPage}
          problem={paging.isFetchNextPageError ? describeError(error) : undefined}
          onMore={paging.fetchNextPage}
        />
      )}
      <EditDialog memory={editing} onClose={() => setEditing(undefined)} />
      <DeleteDialog memory={deleting} onClose={() => setDeleting(undefined)} />
    </Card>
  );
}

interface MoreProps {
  /** Nothing was found among the newest facts: a search looks through so many at a time. */
  readonly isFirst: boolean;
  readonly isLoading: boolean;
  /** The reason why there are no more yet. */
  readonly problem: string | undefined;
  readonly onMore: () => unknown;
}

function More({ isFirst, isLoading, problem, onMore }: MoreProps) {
  return (
    <div
      className={cn(
        "flex flex-wrap items-center justify-center gap-3 p-3",
        !isFirst && "border-t border-border",
      )}
    >
      {isFirst && <p className="text-muted-foreground">Nothing fits among the newest facts.</p>}
      {problem !== undefined && (
        <p role="alert" className="text-fail-text">
          {problem}
        </p>
      )}
      <Button pending={isLoading} onClick={() => void onMore()}>
        {isFirst ? "Search older ones" : "Load more"}
      </Button>
    </div>
  );
}

function NothingRemembered({ filter: { search = "", scope, state } }: Pick<MemoriesProps, "filter">) {
  if (search !== "" || scope !== undefined || state !== "valid")
    return (
      <EmptyState icon={StickyNote} title="Nothing fits">
        Try other words, or fewer filters.
      </EmptyState>
    );
  return (
    <EmptyState icon={StickyNote} title="Nothing is remembered yet">
      Turn on <code>memory</code> of an agent or a crew. What its runs learn then stands here.
    </EmptyState>
  );
}
