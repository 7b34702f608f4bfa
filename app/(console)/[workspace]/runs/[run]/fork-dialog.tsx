"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { Run } from "#/app/api/v1/runs/contract.ts";
import { messageOf } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { useForkRun, useStateBefore } from "../../_data/forks.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";

interface ForkDialogProps {
  readonly run: Run;
  readonly step: string;
  readonly title: string;
  /** The superstep in which the step began. */
  readonly superstep: number;
  /** Which time it was. */
  readonly occurrence: number;
  readonly onClose: () => void;
}

/** Goes on from where a step began, in a new run. */
export function ForkDialog(props: ForkDialogProps) {
  const { title, onClose } = props;
  return (
    <Dialog open onClose={onClose} title={`Go on from “${title}”`} description="A new run begins here. What was done before is taken over; what is asked again in the same words is not paid for again.">
      <StateForm {...props} />
    </Dialog>
  );
}

function StateForm({ run, step, superstep, occurrence, onClose }: ForkDialogProps) {
  const before = useStateBefore(run.id, superstep).data;
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const router = useRouter();
  const path = useWorkspacePath();
  const fork = useForkRun(run.id, "fork");
  const state = before ?? {};
  const changed = Object.keys(texts).filter((key) => texts[key] !== textOf(state[key]));
  const broken = changed.filter((key) => valueOf(texts[key] ?? "") === undefined);
  const submit = () =>
    fork.mutate(
      { step, occurrence, state: Object.fromEntries(changed.map((key) => [key, valueOf(texts[key] ?? "")?.value])) },
      {
        onSuccess: ({ id }) => {
          toast.success("A new run goes on from here");
          router.push(path("runs", id));
        },
      },
    );
  return (
    <Form onSubmit={submit}>
      {before === undefined && <p className="text-muted-foreground">Reading the state before this step …</p>}
      {before !== undefined && Object.keys(before).length === 0 && <p className="text-muted-foreground">Nothing was saved before this step.</p>}
      <div className="flex max-h-96 flex-col gap-3 overflow-y-auto">
        {Object.entries(state).map(([key, value]) => (
          <Field key={key} label={changed.includes(key) ? `${key} (changed)` : key} error={broken.includes(key) ? "This is not JSON. Text stands in quotes." : undefined}>
            {(wiring) => <TextArea {...wiring} spellCheck={false} className="font-mono text-xs" value={texts[key] ?? textOf(value)} onChange={({ target }) => setTexts({ ...texts, [key]: target.value })} />}
          </Field>
        ))}
      </div>
      {fork.error && <p role="alert" className="mt-3 text-sm text-bad">{messageOf(fork.error)}</p>}
      <DialogActions>
        <Button onClick={onClose}>Not now</Button>
        <Button type="submit" variant="primary" pending={fork.isPending} disabled={before === undefined || broken.length > 0}>
          Go on from here
        </Button>
      </DialogActions>
    </Form>
  );
}

const textOf = (value: unknown) => JSON.stringify(value ?? null, null, 2);

function valueOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
