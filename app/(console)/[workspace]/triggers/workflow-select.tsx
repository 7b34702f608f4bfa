"use client";
import { Field, Select } from "#/app/_ui/field.tsx";
import { useWorkflows } from "../_data/workflows.ts";

interface WorkflowSelectProps {
  readonly value: string;
  readonly error?: string | undefined;
  readonly onChange: (workflowId: string) => void;
}

/** Chooses a workflow that a trigger may start: a published one. */
export function WorkflowSelect({ value, error, onChange }: WorkflowSelectProps) {
  const published = (useWorkflows().data?.items ?? []).filter(
    ({ publishedVersion }) => publishedVersion !== null,
  );
  return (
    <Field
      label="Workflow"
      error={error}
      hint={
        published.length === 0 ? "No published workflows yet." : "Only published workflows can be started."
      }
    >
      {(wiring) => (
        <Select {...wiring} name="workflowId" value={value} onChange={({ target }) => onChange(target.value)}>
          <option value="">Choose…</option>
          {published.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
