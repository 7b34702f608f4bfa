"use client";
import { useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import {
  exampleDraft,
  filledDraft,
  type FormDraft,
  initialDraft,
  problemsByField,
  readFields,
  type SchemaField,
} from "#/app/_ui/schema-fields.ts";
import { SchemaForm } from "#/app/_ui/schema-form.tsx";
import { readForm } from "#/app/_ui/schema-reader.ts";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { valueAtPointer } from "../../../_canvas/pointer.ts";
import { useRunEstimate } from "../../../_data/runs.ts";
import { useLastTry } from "../../../_data/tries.ts";
import { EstimateLine } from "../../../_start/run-estimate.tsx";
import { useDocument } from "../_studio/use-document.ts";
import { type Pins, readPins } from "./pins.ts";
import { type Tried, useTryStart } from "./use-try-start.ts";

/** Asks for the input of a draft and starts it, without publishing it. */
export function TryDialog(tried: Tried) {
  const { workflowId, draft, trial } = tried;
  const { document } = useDocument(draft.text);
  const schema = valueAtPointer(document, "/input");
  const { data: last, isPending } = useLastTry(workflowId);
  return (
    <Dialog
      open
      onClose={trial.leave}
      title="Try the draft"
      description="Runs the draft as it stands, for real: tools and messages too. Nothing is published, and no statistic counts it."
    >
      <PinsLine steps={Object.keys(readPins(document, trial.pins))} pins={trial.pins} />
      {isPending ? (
        <SkeletonRows rows={2} />
      ) : (
        <TryForm {...tried} fields={readFields(isJsonObject(schema) ? schema : null)} last={last?.input} />
      )}
    </Dialog>
  );
}

interface PinsLineProps {
  /** Those that the draft has, by name. */
  readonly steps: readonly string[];
  readonly pins: Pins;
}

/** Says which steps are not run, and lets them run. */
function PinsLine({ steps, pins }: PinsLineProps) {
  if (steps.length === 0) return null;
  return (
    <p className="mb-3.5 flex items-center gap-2 text-xs text-ink-2">
      <span className="min-w-0 break-words">Pinned, so not run: {steps.join(", ")}.</span>
      <Button
        variant="ghost"
        className="shrink-0"
        onClick={() => steps.forEach((step) => pins.pin(step, undefined))}
      >
        Unpin all
      </Button>
    </p>
  );
}

interface TryFormProps extends Tried {
  readonly fields: readonly SchemaField[];
  /** The input of the last try. */
  readonly last: JsonObject | undefined;
}

function TryForm({ fields, last, ...tried }: TryFormProps) {
  const [values, setValues] = useState(() => fillIn(fields, last));
  const [consent, setConsent] = useState(false);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const { data: estimate } = useRunEstimate(tried.workflowId);
  const { send, isPending, problem } = useTryStart(tried);
  const submit = () => {
    const read = readForm(fields, values);
    setErrors(read.ok ? {} : read.errors);
    if (!read.ok) return;
    void send({ input: read.values, consent }, (problems) => setErrors(problemsByField(problems, fields)));
  };
  return (
    <Form onSubmit={submit} className="flex flex-col gap-3.5">
      {fields.length === 0 && <p className="text-ink-3">This workflow takes no input.</p>}
      <SchemaForm fields={fields} draft={values} errors={errors} onChange={setValues} />
      {last && fields.length > 0 && <LastInputLine fields={fields} onChange={setValues} />}
      <EstimateLine estimate={estimate} consent={consent} onConsent={setConsent} />
      {problem !== undefined && Object.keys(errors).length === 0 && (
        <Notice tone="bad" title="Couldn’t try it">
          {problem}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={tried.trial.leave}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          pending={isPending}
          disabled={estimate?.needsConsent === true && !consent}
        >
          Try it
        </Button>
      </DialogActions>
    </Form>
  );
}

/** The last input that was tried, as far as the draft still asks for it; else the example of its author. */
function fillIn(fields: readonly SchemaField[], last: JsonObject | undefined): FormDraft {
  return last ? filledDraft(fields, last) : (exampleDraft(fields) ?? initialDraft(fields));
}

interface LastInputLineProps {
  readonly fields: readonly SchemaField[];
  readonly onChange: (draft: FormDraft) => void;
}

/** Says where the form's values come from, and puts the example in their place. */
function LastInputLine({ fields, onChange }: LastInputLineProps) {
  return (
    <p className="flex items-center gap-2 text-xs text-ink-3">
      Filled in with the last input that was tried.
      <Button variant="ghost" onClick={() => onChange(fillIn(fields, undefined))}>
        Start over
      </Button>
    </p>
  );
}
