"use client";
import { useRef, useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { FileUp } from "#/app/_ui/icons.tsx";

/** More than a request takes. */
const MOST_BYTES = 1_000_000;

interface BatchSourceProps {
  readonly text: string;
  readonly problem: string | undefined;
  readonly onText: (text: string) => void;
}

/** The field for the inputs of a batch: pasted, or read from a file. */
export function BatchSource({ text, problem, onText }: BatchSourceProps) {
  const [tooLarge, setTooLarge] = useState<string>();
  const file = useRef<HTMLInputElement>(null);
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    setTooLarge(chosen.size > MOST_BYTES ? `${chosen.name} is larger than 1 MB.` : undefined);
    if (chosen.size <= MOST_BYTES) onText(await chosen.text());
  };
  return (
    <div className="flex flex-col items-start gap-2">
      <div className="w-full">
        <Field
          label="Inputs"
          hint="A JSON list of inputs, or CSV with a column for each field. One run starts for each row, 100 at most."
          error={tooLarge ?? problem}
        >
          {(wiring) => (
            <TextArea
              {...wiring}
              className="max-h-48 font-mono text-xs"
              spellCheck={false}
              value={text}
              onChange={({ target }) => {
                setTooLarge(undefined);
                onText(target.value);
              }}
            />
          )}
        </Field>
      </div>
      <Button onClick={() => file.current?.click()}>
        <FileUp aria-hidden /> Choose a file
      </Button>
      <input
        ref={file}
        type="file"
        accept=".json,.csv,application/json,text/csv"
        aria-label="File with inputs"
        tabIndex={-1}
        className="sr-only"
        onChange={({ target }) => {
          void take(target.files?.[0]);
          target.value = "";
        }}
      />
    </div>
  );
}
