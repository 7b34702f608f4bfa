"use client";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Priority } from "#/agents/vocabulary/run.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Select } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import {
  exampleDraft,
  type FormDraft,
  initialDraft,
  problemsByField,
  readFields,
  type SchemaField,
} from "#/app/_ui/schema-fields.ts";
import { SchemaForm } from "#/app/_ui/schema-form.tsx";
import { readForm } from "#/app/_ui/schema-reader.ts";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { Tabs } from "#/app/_ui/tabs.tsx";
import { useRunEstimate, useStartRun } from "../_data/runs.ts";
import { useWorkflow, useWorkflows } from "../_data/workflows.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { EstimateLine } from "./run-estimate.tsx";
import { PriorityField } from "./priority-select.tsx";

/** Loaded when it is shown: it reads CSV and holds inputs against schemas. */
const BatchForm = lazy(() => import("./batch-form.tsx").then((module) => ({ default: module.BatchForm })));

interface StartRunDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Chosen beforehand; otherwise people choose. */
  readonly workflowId?: string;
}

/** Asks for the input of a workflow and starts it. */
export function StartRunDialog({ open, onClose, workflowId }: StartRunDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Start a run" description="Runs the published version.">
      {workflowId === undefined ? (
        <ChooseWorkflow onClose={onClose} />
      ) : (
        <WorkflowInput workflowId={workflowId} onClose={onClose} />
      )}
    </Dialog>
  );
}

function ChooseWorkflow({ onClose }: { readonly onClose: () => void }) {
  const published = (useWorkflows().data?.items ?? []).filter(
    ({ publishedVersion }) => publishedVersion !== null,
  );
  const [chosen, setChosen] = useState<string>();
  const workflowId = chosen ?? published[0]?.id;
  if (workflowId === undefined)
    return (
      <Notice tone="info" title="No published workflows">
        Create one under Workflows and publish it.
      </Notice>
    );
  return (
    <div className="flex flex-col gap-3.5">
      <Field label="Workflow">
        {(wiring) => (
          <Select {...wiring} value={workflowId} onChange={({ target }) => setChosen(target.value)}>
            {published.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <WorkflowInput key={workflowId} workflowId={workflowId} onClose={onClose} />
    </div>
  );
}

interface InputOfProps {
  readonly workflowId: string;
  readonly onClose: () => void;
}

function WorkflowInput({ workflowId, onClose }: InputOfProps) {
  const { data, error } = useWorkflow(workflowId);
  const [batch, setBatch] = useState("");
  if (error)
    return (
      <Notice tone="bad" title="Couldn’t load the workflow">
        {describeError(error)}
      </Notice>
    );
  if (!data) return <SkeletonRows rows={2} />;
  const single = (
    <InputForm workflowId={workflowId} fields={readFields(data.inputSchema)} onClose={onClose} />
  );
  const several = (
    <Suspense fallback={<SkeletonRows rows={2} />}>
      <BatchForm
        workflowId={workflowId}
        schema={data.inputSchema}
        text={batch}
        onText={setBatch}
        onClose={onClose}
      />
    </Suspense>
  );
  return (
    <Tabs
      label="How many runs"
      tabs={[
        { value: "one", label: "One run", content: single, kept: true },
        { value: "several", label: "Several runs", content: several },
      ]}
    />
  );
}

interface InputFormProps extends InputOfProps {
  readonly fields: readonly SchemaField[];
}

function InputForm({ workflowId, fields, onClose }: InputFormProps) {
  const router = useRouter();
  const path = useWorkspacePath();
  const start = useStartRun(workflowId);
  const [draft, setDraft] = useState(() => exampleDraft(fields) ?? initialDraft(fields));
  const [priority, setPriority] = useState<Priority>("normal");
  const { data: estimate } = useRunEstimate(workflowId);
  const [consent, setConsent] = useState(false);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  // One key for one opening of the window: however often it is sent, one run starts.
  const [key] = useState(() => crypto.randomUUID());

  const submit = () => {
    const read = readForm(fields, draft);
    setErrors(read.ok ? {} : read.errors);
    if (!read.ok) return;
    start.mutate(
      { input: read.values, priority, consent, key },
      {
        onSuccess: ({ id }) => {
          onClose();
          toast.success("Run started");
          router.push(path("runs", id));
        },
        onError: (error) =>
          setErrors(error instanceof ApiError ? problemsByField(error.problems, fields) : {}),
      },
    );
  };

  return (
    <Form onSubmit={submit} className="flex flex-col gap-3.5">
      {fields.length === 0 && <p className="text-muted-foreground">This workflow takes no input.</p>}
      <SchemaForm fields={fields} draft={draft} errors={errors} onChange={setDraft} />
      <ExampleLine fields={fields} draft={draft} onChange={setDraft} />
      <PriorityField value={priority} onChange={setPriority} />
      <EstimateLine estimate={estimate} consent={consent} onConsent={setConsent} />
      {start.error && Object.keys(errors).length === 0 && (
        <Notice tone="bad" title="Couldn’t start the run">
          {describeError(start.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          pending={start.isPending}
          disabled={estimate?.needsConsent === true && !consent}
        >
          Start run
        </Button>
      </DialogActions>
    </Form>
  );
}

interface ExampleLineProps {
  readonly fields: readonly SchemaField[];
  readonly draft: FormDraft;
  readonly onChange: (draft: FormDraft) => void;
}

/** Says that a form holds the examples of its author, and takes them out. */
function ExampleLine({ fields, draft, onChange }: ExampleLineProps) {
  const example = exampleDraft(fields);
  const isExample = example !== undefined && fields.every(({ name }) => draft[name] === example[name]);
  if (!isExample) return null;
  return (
    <p className="flex items-center gap-2 text-xs text-ink-3">
      Filled in with the example of its author.
      <Button variant="ghost" onClick={() => onChange(initialDraft(fields))}>
        Clear
      </Button>
    </p>
  );
}
