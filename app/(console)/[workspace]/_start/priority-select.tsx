"use client";
import { PRIORITIES, type Priority } from "#/agents/vocabulary/run.ts";
import { Field, Select } from "#/app/_ui/field.tsx";

const PRIORITY_NAMES: Readonly<Record<Priority, string>> = { high: "High", normal: "Normal", low: "Low" };
const PRIORITY_HINTS: Readonly<Record<Priority, string>> = {
  high: "Has its own lane and never waits behind other runs.",
  normal: "Shares a lane with other runs.",
  low: "Uses a narrow lane that leaves room for other runs.",
};

interface PriorityFieldProps {
  readonly value: Priority;
  readonly onChange: (priority: Priority) => void;
}

/** Chooses how urgent a run, or every run of a new trigger, is. */
export function PriorityField({ value, onChange }: PriorityFieldProps) {
  return (
    <Field label="Priority" hint={PRIORITY_HINTS[value]}>
      {(wiring) => (
        <Select
          {...wiring}
          name="priority"
          value={value}
          onChange={({ target }) =>
            onChange(PRIORITIES.find((priority) => priority === target.value) ?? "normal")
          }
        >
          <Priorities />
        </Select>
      )}
    </Field>
  );
}

interface PriorityMenuProps {
  /** Whose: “The schedule of Research brief”. */
  readonly of: string;
  readonly first: Priority;
  readonly disabled: boolean;
}

/** Changes how urgent the runs of a trigger are, at once: it sends its form. */
export function PriorityMenu({ of, first, disabled }: PriorityMenuProps) {
  return (
    <span className="flex items-center gap-2 text-xs text-muted-foreground">
      Priority
      <Select
        aria-label={`Priority of ${of}`}
        className="h-8 w-auto text-[0.8125rem] text-foreground"
        name="priority"
        disabled={disabled}
        defaultValue={first}
        onChange={({ currentTarget }) => currentTarget.form?.requestSubmit()}
      >
        <Priorities />
      </Select>
    </span>
  );
}

const Priorities = () =>
  PRIORITIES.map((priority) => (
    <option key={priority} value={priority}>
      {PRIORITY_NAMES[priority]}
    </option>
  ));
