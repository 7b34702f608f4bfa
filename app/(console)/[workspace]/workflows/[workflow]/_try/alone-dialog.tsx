"use client";
import { useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { filledDraft, problemsByField, readFields, type SchemaField } from "#/app/_ui/schema-fields.ts";
import { SchemaForm } from "#/app/_ui/schema-form.tsx";
import { readForm } from "#/app/_ui/schema-reader.ts";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { useRunEstimate } from "../../../_data/runs.ts";
import { useTriedRun, useLastTry } from "../../../_data/tries.ts";
import { EstimateLine } from "../../../_start/run-estimate.tsx";
import {
  findProblem,
  isChanged,
  parseValues,
  StateFields,
  type StateTexts,
} from "../../../runs/[run]/state-fields.tsx";
import { useDocument } from "../_studio/use-document.ts";
import { readState } from "./step-state.ts";
import { type Tried, useTryStart } from "./use-try-start.ts";

interface AloneDialogProps extends Tried {
  readonly step: string;
  readonly title: string;
  readonly onClose: () => void;
}

/** Asks what a step is to begin with, and runs that step alone. */
export function AloneDialog({ step, title, onClose, ...tried }: AloneDialogProps) {
  const { document } = useDocument(tried.draft.text);
  const schema = isJsonObject(document) ? document["input"] : undefined;
  const { run, isPending } = useShownRun(tried);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Run “${title}” alone`}
      description="Runs this step for real, on the values below, and nothing after it."
      wide
    >
      {isPending ? (
        <SkeletonRows rows={3} />
      ) : (
        <AloneForm
          {...tried}
          step={step}
          fields={readFields(isJsonObject(schema) ? schema : null)}
          input={run?.input ?? {}}
          state={readState(document, step, run?.state ?? {})}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

/** The run whose values the step begins with: the one that the canvas shows, else the last that was tried. */
function useShownRun({ workflowId, trial: { runId } }: Tried) {
  const last = useLastTry(workflowId);
  const shown = useTriedRun(runId);
  return runId === undefined
    ? { run: last.data ?? undefined, isPending: last.isPending }
    : { run: shown.data?.run, isPending: shown.isPending };
}

interface AloneFormProps extends Tried {
  readonly step: string;
  readonly fields: readonly SchemaField[];
  readonly input: JsonObject;
  /** What other steps have left, by the keys of the state. */
  readonly state: JsonObject;
  readonly onClose: () => void;
}

function AloneForm({ step, fields, input, state, onClose, ...tried }: AloneFormProps) {
  const [values, setValues] = useState(() => filledDraft(fields, input));
  const [texts, setTexts] = useState<StateTexts>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const { data: estimate } = useRunEstimate(tried.workflowId);
  const [consent, setConsent] = useState(false);
  const { send, isPending, problem } = useTryStart(tried);
  const changed = Object.keys(texts).filter((key) => isChanged(texts, key, state[key]));
  const isAsked = estimate?.needsConsent === true;
  const submit = () => {
    const read = readForm(fields, values);
    setErrors(read.ok ? {} : read.errors);
    if (!read.ok) return;
    const only = { step, state: { ...state, ...parseValues(texts, changed) } };
    void send({ input: read.values, only, consent }, (problems) =>
      setErrors(problemsByField(problems, fields)),
    );
  };
  return (
    <Form onSubmit={submit} className="flex flex-col gap-3.5">
      <SchemaForm fields={fields} draft={values} errors={errors} onChange={setValues} />
      <StateFields state={state} texts={texts} changed={changed} onChange={setTexts} />
      {/* What a whole run costs is the most that one step can. */}
      {isAsked && <EstimateLine estimate={estimate} consent={consent} onConsent={setConsent} />}
      {problem !== undefined && (
        <Notice tone="bad" title="Couldn’t run it">
          {problem}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          pending={isPending}
          disabled={(isAsked && !consent) || changed.some((key) => findProblem(texts, key) !== undefined)}
        >
          Run this step
        </Button>
      </DialogActions>
    </Form>
  );
}
