"use client";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Priority } from "#/agents/vocabulary/run.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { readFields, type FormDraft, initialDraft, problemsByField } from "#/app/_ui/schema-fields.ts";
import { SchemaForm } from "#/app/_ui/schema-form.tsx";
import { readForm } from "#/app/_ui/schema-reader.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { useCreateSchedule } from "../_data/schedules.ts";
import { useWorkflow } from "../_data/workflows.ts";
import { PriorityField } from "../_start/priority-select.tsx";
import { RecurrenceFields } from "./recurrence-fields.tsx";
import { WorkflowSelect } from "./workflow-select.tsx";

interface NewScheduleDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks what to start, when, and with what input. */
export function NewScheduleDialog({ open, onClose }: NewScheduleDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="New schedule" wide>
      <ScheduleForm onClose={onClose} />
    </Dialog>
  );
}

/** Keeps what people have typed so far, and sends it. */
function useScheduleDraft(onClose: () => void) {
  const [workflowId, setWorkflowId] = useState("");
  const [recurrence, setRecurrence] = useState(() => ({
    cron: "0 9 * * 1-5",
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }));
  const [priority, setPriority] = useState<Priority>("normal");
  const [typed, setTyped] = useState<FormDraft>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const { data: workflow } = useWorkflow(workflowId === "" ? undefined : workflowId);
  const fields = readFields(workflow?.inputSchema ?? null);
  const draft = { ...initialDraft(fields), ...typed };
  const create = useCreateSchedule();

  const submit = () => {
    const read = readForm(fields, draft);
    setErrors(read.ok ? {} : read.errors);
    if (!read.ok) return;
    create.mutate(
      { workflowId, ...recurrence, input: read.values, priority },
      {
        onSuccess: () => {
          toast.success("Schedule created");
          onClose();
        },
        onError: (error) =>
          setErrors(error instanceof ApiError ? problemsByField(error.problems, fields) : {}),
      },
    );
  };
  return {
    workflowId,
    setWorkflowId,
    recurrence,
    setRecurrence,
    priority,
    setPriority,
    fields,
    draft,
    setTyped,
    errors,
    create,
    submit,
  };
}

function ScheduleForm({ onClose }: { readonly onClose: () => void }) {
  const {
    workflowId,
    setWorkflowId,
    recurrence,
    setRecurrence,
    priority,
    setPriority,
    fields,
    draft,
    setTyped,
    errors,
    create,
    submit,
  } = useScheduleDraft(onClose);
  return (
    <Form onSubmit={submit} className="flex flex-col gap-3.5">
      <WorkflowSelect value={workflowId} onChange={setWorkflowId} />
      <RecurrenceFields recurrence={recurrence} errors={errors} onChange={setRecurrence} />
      <PriorityField value={priority} onChange={setPriority} />
      {fields.length > 0 && (
        <fieldset className="rounded-md border border-border p-3">
          <legend className="px-1 text-xs text-muted-foreground">Input of every run</legend>
          <SchemaForm fields={fields} draft={draft} errors={errors} onChange={setTyped} />
        </fieldset>
      )}
      {create.error && (
        <Notice tone="bad" title="Couldn’t create the schedule">
          {describeError(create.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={create.isPending} disabled={workflowId === ""}>
          Create schedule
        </Button>
      </DialogActions>
    </Form>
  );
}
