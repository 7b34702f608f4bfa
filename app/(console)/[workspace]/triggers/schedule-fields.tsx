"use client";
import { useState } from "react";
import { PRIORITIES, type Priority } from "#/agents/vocabulary/run.ts";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { type FormDraft, initialDraft, readFields, type SchemaField } from "#/app/_ui/schema-fields.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SchemaForm } from "#/app/_ui/schema-form.tsx";
import { readForm } from "#/app/_ui/schema-reader.ts";
import type { FormState } from "#/lib/form-state.ts";
import { useWorkflow } from "../_data/workflows.ts";
import type { FormFieldsProps } from "../_form/form-window.tsx";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { PriorityField } from "../_start/priority-select.tsx";
import { RecurrenceFields } from "./recurrence-fields.tsx";
import { WorkflowSelect } from "./workflow-select.tsx";

/** The fields of a new schedule. */
export function ScheduleFields({ state: { values, problems }, onLack }: FormFieldsProps) {
  const { isPlain } = useWorkspace();
  const textOf = (name: string, first: string) => values[name]?.[0] ?? first;
  const [workflowId, setWorkflowId] = useState(() => textOf("workflowId", ""));
  const [priority, setPriority] = useState<Priority>(
    () => PRIORITIES.find((known) => known === textOf("priority", "")) ?? "normal",
  );
  const [recurrence, setRecurrence] = useState(() => ({
    cron: textOf("cron", "0 9 * * 1-5"),
    timezone: textOf("timezone", isPlain ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone),
  }));
  const choose = (id: string) => {
    setWorkflowId(id);
    // What was wrong with the input of another workflow is over.
    onLack(undefined);
  };
  return (
    <>
      <WorkflowSelect value={workflowId} error={problems["workflowId"]} onChange={choose} />
      <RecurrenceFields recurrence={recurrence} errors={problems} onChange={setRecurrence} />
      <PriorityField value={priority} onChange={setPriority} />
      {isPlain ? (
        <InputText text={textOf("input", "{}")} problems={problems} />
      ) : (
        <InputFields key={workflowId} workflowId={workflowId} problems={problems} onLack={onLack} />
      )}
    </>
  );
}

type Problems = FormState["problems"];

/** The problems of the input, by the names of its own fields. */
const problemsInside = (problems: Problems): Problems =>
  Object.fromEntries(
    Object.entries(problems)
      .filter(([name]) => name.startsWith("input."))
      .map(([name, problem]) => [name.slice("input.".length).split(".")[0] ?? "", problem]),
  );

/** Without scripts nobody knows the fields of the chosen workflow. */
function InputText({ text, problems }: { readonly text: string; readonly problems: Problems }) {
  const inside = Object.entries(problemsInside(problems)).map(([name, problem]) => `${name}: ${problem}`);
  return (
    <Field
      label="Input of every run"
      hint='JSON, such as {"topic": "News"}'
      error={problems["input"] ?? (inside.length > 0 ? inside.join(" ") : undefined)}
    >
      {(wiring) => <TextArea {...wiring} name="input" className="font-mono" defaultValue={text} />}
    </Field>
  );
}

interface InputFieldsProps {
  readonly workflowId: string;
  readonly problems: Problems;
  readonly onLack: (lack: string | undefined) => void;
}

function InputFields({ workflowId, problems, onLack }: InputFieldsProps) {
  const { data: workflow, error, refetch } = useWorkflow(workflowId === "" ? undefined : workflowId);
  const [typed, setTyped] = useState<FormDraft>({});
  const fields = readFields(workflow?.inputSchema ?? null);
  if (error && !workflow)
    return <LoadProblem what="the workflow’s input" error={error} onRetry={() => void refetch()} />;
  if (fields.length === 0) return null;
  const draft = { ...initialDraft(fields), ...typed };
  const read = readForm(fields, draft);
  const change = (next: FormDraft) => {
    setTyped(next);
    onLack(findLack(fields, next));
  };
  return (
    <fieldset className="rounded-md border border-border p-3">
      <legend className="px-1 text-xs text-muted-foreground">Input of every run</legend>
      <input type="hidden" name="input" value={JSON.stringify(read.ok ? read.values : {})} />
      <SchemaForm fields={fields} draft={draft} errors={problemsInside(problems)} onChange={change} />
    </fieldset>
  );
}

/** Says what is wrong with the input as it is typed. */
function findLack(fields: readonly SchemaField[], draft: FormDraft): string | undefined {
  const read = readForm(fields, draft);
  const [first] = read.ok ? [] : Object.entries(read.errors);
  return first && `${fields.find(({ name }) => name === first[0])?.label ?? first[0]}: ${first[1]}`;
}
