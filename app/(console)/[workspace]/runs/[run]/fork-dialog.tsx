"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import type { Run } from "#/operations/runs/contract.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { useForkRun, useStateBefore } from "../../_data/forks.ts";
import { useRunDefinition } from "../../_data/runs.ts";
import { useCheck } from "../../_definition/use-check.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { DefinitionChange } from "./definition-change.tsx";
import type { ForkAccount } from "./fork-account.ts";
import { ForkRefusal } from "./fork-refusal.tsx";
import { ForkStatement } from "./fork-statement.tsx";
import { findProblem, isChanged, type StateTexts, StateFields, parseValues } from "./state-fields.tsx";

interface ForkDialogProps {
  readonly run: Run;
  readonly step: string;
  /** The superstep in which the step began. */
  readonly superstep: number;
  /** Which time it was. */
  readonly occurrence: number;
  readonly account: ForkAccount;
  readonly titleOf: (step: string) => string;
  readonly catalogue: Catalogue;
  readonly onClose: () => void;
}

/** Starts a new run that continues from where a step began. */
export function ForkDialog(props: ForkDialogProps) {
  const { step, titleOf, onClose } = props;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Continue from “${titleOf(step)}”`}
      description="Starts a new run from this step. This run stays unchanged."
      wide
    >
      <ForkForm {...props} />
    </Dialog>
  );
}

/** Keeps what people have changed so far, and sends it. */
function useFork({ run, step, superstep, occurrence, catalogue }: ForkDialogProps) {
  const router = useRouter();
  const path = useWorkspacePath();
  const fork = useForkRun(run.id);
  const state = useStateBefore(run.id, superstep).data;
  const source = useRunDefinition(run.id).data?.source;
  const [texts, setTexts] = useState<StateTexts>({});
  const [definition, setDefinition] = useState<string>();
  const [reuse, setReuse] = useState(true);
  const isEdited = definition !== undefined && definition !== source;
  const checked = useCheck(definition, catalogue);
  const changed = Object.keys(texts).filter((key) => isChanged(texts, key, state?.[key]));
  const fits = !isEdited || (checked?.problems.length === 0 && checked.steps?.includes(step) === true);
  const submit = () =>
    fork.mutate(
      { step, occurrence, reuse, state: parseValues(texts, changed), ...(isEdited && { definition }) },
      {
        onSuccess: ({ id }) => {
          toast.success("New run started from this step");
          router.push(path("runs", id));
        },
      },
    );
  const canSubmit =
    state !== undefined && fits && changed.every((key) => findProblem(texts, key) === undefined);
  return {
    fork,
    state,
    source,
    texts,
    setTexts,
    changed,
    definition,
    setDefinition,
    isEdited,
    checked,
    reuse,
    setReuse,
    canSubmit,
    submit,
  };
}

function ForkForm(props: ForkDialogProps) {
  const { step, account, titleOf, onClose } = props;
  const {
    fork,
    state,
    source,
    texts,
    setTexts,
    changed,
    definition,
    setDefinition,
    isEdited,
    checked,
    reuse,
    setReuse,
    canSubmit,
    submit,
  } = useFork(props);
  return (
    <Form onSubmit={submit} className="flex flex-col gap-5">
      <ForkStatement account={account} titleOf={titleOf} reuse={reuse} onReuse={setReuse} />
      <StateFields state={state} texts={texts} changed={changed} onChange={setTexts} />
      <section aria-label="Definition">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h3 className="font-medium">{isEdited ? "Definition (edited)" : "Definition"}</h3>
          {definition === undefined ? (
            <Button disabled={source === undefined} onClick={() => setDefinition(source)}>
              Edit definition
            </Button>
          ) : (
            <Button variant="ghost" onClick={() => setDefinition(undefined)}>
              {isEdited ? "Discard changes" : "Close editor"}
            </Button>
          )}
        </div>
        {definition !== undefined && (
          <DefinitionChange text={definition} onChange={setDefinition} checked={checked} step={step} />
        )}
      </section>
      {fork.error && <ForkRefusal error={fork.error} />}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          pending={fork.isPending || fork.isSuccess}
          disabled={!canSubmit}
        >
          Continue from here
        </Button>
      </DialogActions>
    </Form>
  );
}
