"use client";
import { type FormEvent, useState } from "react";
import { TRIGGER_KINDS } from "#/agents/vocabulary/run.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { Checkbox, Input, Select } from "#/app/_ui/field.tsx";
import { TRIGGER_LOOK } from "#/app/_ui/trigger-label.tsx";
import type { RunFilter } from "../../_data/queries.ts";
import { useWorkflows } from "../../_data/workflows.ts";
import { COLUMNS, type Column, useListSettings } from "./list-settings.ts";
import { isNarrowed } from "./read-filter.ts";
import { useNarrow } from "./use-narrow.ts";

interface RunFiltersProps {
  readonly filter: RunFilter;
  /** Now, by the server's clock. */
  readonly now: number;
}

/** Narrows the list to words, a workflow, a trigger, a time. The status is chosen in the legend of the histogram. */
export function RunFilters({ filter, now }: RunFiltersProps) {
  const narrow = useNarrow();
  const workflows = useWorkflows(false).data?.items ?? [];
  return (
    <search className="flex flex-wrap items-center gap-2 px-4 py-2 md:px-6">
      <SearchField key={filter.search ?? ""} words={filter.search ?? ""} />
      <Choice
        label="Workflow"
        value={filter.workflow}
        options={workflows.map(({ id, name }) => [id, name])}
        onChange={(workflow) => narrow({ workflow })}
      />
      <Choice
        label="Trigger"
        value={filter.trigger}
        options={TRIGGER_KINDS.map((kind) => [kind, TRIGGER_LOOK[kind].label])}
        onChange={(trigger) => narrow({ trigger })}
      />
      <Choice
        label="Tries"
        value={filter.try}
        options={[
          ["false", "Without tries"],
          ["true", "Tries only"],
        ]}
        onChange={(choice) => narrow({ try: choice })}
      />
      <TimeChoice filter={filter} now={now} />
      {filter.batch && <Badge>Started together</Badge>}
      {isNarrowed(filter) && <ClearButton />}
      <ColumnChoice />
    </search>
  );
}

function ClearButton() {
  const narrow = useNarrow();
  const all = ["status", "workflow", "trigger", "search", "from", "to", "batch", "try"] as const;
  return (
    <Button variant="ghost" onClick={() => narrow(Object.fromEntries(all.map((name) => [name, undefined])))}>
      Clear
    </Button>
  );
}

function SearchField({ words }: { readonly words: string }) {
  const narrow = useNarrow();
  const [typed, setTyped] = useState(words);
  const search = (event: FormEvent) => {
    event.preventDefault();
    narrow({ search: typed.trim() });
  };
  return (
    <form onSubmit={search} className="w-full sm:w-72">
      <Input
        type="search"
        data-search
        aria-label="Search runs"
        placeholder="Search inputs, outputs and errors"
        maxLength={200}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          if (target.value === "" && words !== "") narrow({ search: undefined });
        }}
      />
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | null | undefined;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <Select
      aria-label={`${label} of the runs`}
      className="w-auto max-w-48 border-line-2"
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value)}
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

const HOUR_MS = 3_600_000;
const TIMES: readonly (readonly [hours: number, label: string])[] = [
  [1, "Last hour"],
  [24, "Last 24 hours"],
  [24 * 7, "Last 7 days"],
  [24 * 30, "Last 30 days"],
];

/** A stretch of time from a list. One that was marked on the histogram is a choice of its own. */
function TimeChoice({ filter: { from, to }, now }: RunFiltersProps) {
  const narrow = useNarrow();
  const hours = from ? (now - Date.parse(from)) / HOUR_MS : 0;
  const known = to ? undefined : TIMES.find(([most]) => hours > 0 && hours <= most * 1.05);
  const value = from || to ? String(known?.[0] ?? "marked") : "";
  const choose = (chosen: string) =>
    narrow({
      from: chosen === "" ? undefined : new Date(now - Number(chosen) * HOUR_MS).toISOString(),
      to: undefined,
    });
  return (
    <Select
      aria-label="Time of the runs"
      className="w-auto border-line-2"
      value={value}
      onChange={({ target }) => choose(target.value)}
    >
      <option value="">Time: all</option>
      {TIMES.map(([most, label]) => (
        <option key={most} value={most}>
          {label}
        </option>
      ))}
      {value === "marked" && (
        <option value="marked" disabled suppressHydrationWarning>
          {`${nameMoment(from)} – ${to ? nameMoment(to) : "now"}`}
        </option>
      )}
    </Select>
  );
}

const moment = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const nameMoment = (at: string | null | undefined) => (at ? moment.format(new Date(at)) : "the beginning");

const NAMES: Readonly<Record<Column, string>> = {
  checkpoints: "Checkpoints",
  trigger: "Trigger",
  duration: "Duration",
  cost: "Cost",
  started: "Started",
};

function ColumnChoice() {
  const { hidden, toggle } = useListSettings();
  return (
    <details className="relative ml-auto max-lg:hidden">
      <summary className="flex h-7 cursor-pointer list-none items-center rounded-md px-2.5 font-medium text-ink-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
        Columns
      </summary>
      <div className="absolute top-8 right-0 z-20 flex flex-col gap-2 rounded-lg border border-line bg-raised p-3 shadow-float">
        {COLUMNS.map((column) => (
          <Checkbox key={column} checked={!hidden.includes(column)} onChange={() => toggle(column)}>
            {NAMES[column]}
          </Checkbox>
        ))}
      </div>
    </details>
  );
}
