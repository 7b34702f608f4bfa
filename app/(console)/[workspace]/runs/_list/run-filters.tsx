"use client";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { RUN_STATUSES, TRIGGER_KINDS } from "#/agents/vocabulary/run.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { Select } from "#/app/_ui/field.tsx";
import { lookOf } from "#/app/_ui/status-badge.tsx";
import { TRIGGER_LOOK } from "#/app/_ui/trigger-label.tsx";
import type { RunFilter } from "../../_data/queries.ts";
import { useWorkflows } from "../../_data/workflows.ts";

/** Writes one filter into the address, where it can be kept and shared. */
function useSetFilter(): (name: string, value: string) => void {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  return (name, value) => {
    const next = new URLSearchParams(search);
    if (value === "") next.delete(name);
    else next.set(name, value);
    router.replace(`${pathname}?${next.toString()}`, { scroll: false });
  };
}

export function RunFilters({ filter }: { readonly filter: RunFilter }) {
  const setFilter = useSetFilter();
  const router = useRouter();
  const pathname = usePathname();
  const workflows = useWorkflows().data?.items ?? [];
  const isFiltered = Object.values(filter).some(Boolean);
  return (
    <search className="flex flex-wrap items-center gap-2 border-b border-border p-2.5">
      <Choice
        label="Status"
        value={filter.status}
        options={RUN_STATUSES.map((status) => [status, lookOf(status).label])}
        onChange={(value) => setFilter("status", value)}
        first
      />
      <Choice
        label="Workflow"
        value={filter.workflow}
        options={workflows.map(({ id, name }) => [id, name])}
        onChange={(value) => setFilter("workflow", value)}
      />
      <Choice
        label="Trigger"
        value={filter.trigger}
        options={TRIGGER_KINDS.map((kind) => [kind, TRIGGER_LOOK[kind].label])}
        onChange={(value) => setFilter("trigger", value)}
      />
      {filter.batch && <Badge>Started together</Badge>}
      {isFiltered && (
        <Button variant="ghost" onClick={() => router.replace(pathname, { scroll: false })}>
          Clear
        </Button>
      )}
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | null | undefined;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
  /** The one that the key / goes to. */
  readonly first?: boolean;
}

function Choice({ label, value, options, onChange, first = false }: ChoiceProps) {
  return (
    <Select
      aria-label={`${label} of the runs`}
      className="h-8 w-auto max-w-48 border-border text-[0.8125rem]"
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value)}
      {...(first && { "data-search": true })}
    >
      <option value="">{`${label}: all`}</option>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </Select>
  );
}
