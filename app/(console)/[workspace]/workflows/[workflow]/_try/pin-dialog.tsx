"use client";
import { useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { findProblem, parseValues } from "../../../runs/[run]/state-fields.tsx";
import type { Pins } from "./pins.ts";

interface PinDialogProps {
  readonly step: string;
  readonly title: string;
  readonly pins: Pins;
  /** The step's last output, to begin with where nothing is pinned. */
  readonly output: unknown;
  readonly onClose: () => void;
}

/** Asks for the output that tries take instead of running a step. */
export function PinDialog({ step, title, pins, output, onClose }: PinDialogProps) {
  const isPinned = Object.hasOwn(pins.values, step);
  const [text, setText] = useState(() =>
    JSON.stringify((isPinned ? pins.values[step] : output) ?? null, null, 2),
  );
  const [isTold, setTold] = useState(false);
  const problem = findProblem({ [step]: text }, step);
  const pin = (value: unknown) => {
    pins.pin(step, value);
    onClose();
  };
  const submit = () => {
    setTold(true);
    if (problem === undefined) pin(parseValues({ [step]: text }, [step])[step]);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Pin the output of “${title}”`}
      description="Tries take this output and don’t run the step. It stays in this browser: what is published runs every step."
      wide
    >
      <Form onSubmit={submit} className="flex flex-col gap-3.5">
        <Field label="Output, as JSON" error={isTold ? problem : undefined}>
          {(wiring) => (
            <TextArea
              {...wiring}
              spellCheck={false}
              className="max-h-96 min-h-40 font-mono text-xs"
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
        <DialogActions>
          {isPinned && (
            <Button className="mr-auto" onClick={() => pin(undefined)}>
              Unpin
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">
            Pin
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
