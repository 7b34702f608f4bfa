"use client";
import type { ReactNode } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { MessageSquare } from "#/app/_ui/icons.tsx";
import { Notice } from "#/app/_ui/notice.tsx";

interface SentenceFormProps {
  readonly label: string;
  readonly example: string;
  readonly sentence: string;
  readonly onSentence: (sentence: string) => void;
  readonly action: string;
  readonly isPending: boolean;
  readonly fieldError?: string | undefined;
  readonly failure?: string | undefined;
  readonly onAsk: () => void;
  readonly onStop: () => void;
  /** Buttons beside the one that asks. */
  readonly children?: ReactNode;
}

/** Asks what somebody wants, in a sentence. What was typed stays, whatever comes of it. */
export function SentenceForm(props: SentenceFormProps) {
  const { label, example, sentence, onSentence, action, isPending, fieldError, failure, onAsk } = props;
  return (
    <Form onSubmit={() => isPending || onAsk()} className="flex flex-col gap-2.5">
      <Field
        label={label}
        hint="In a sentence or two, in any language. Nothing is saved before you have seen it."
        error={fieldError}
      >
        {(wiring) => (
          <TextArea
            {...wiring}
            placeholder={example}
            value={sentence}
            onChange={({ target }) => onSentence(target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }}
          />
        )}
      </Field>
      {failure !== undefined && (
        <Notice tone="bad" title="No draft was made">
          {failure}
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" pending={isPending} disabled={sentence.trim() === ""}>
          <MessageSquare aria-hidden /> {action}
        </Button>
        {isPending && <Button onClick={props.onStop}>Stop</Button>}
        {props.children}
        <output className="text-xs text-ink-3">
          {isPending && "Drafting… A model takes up to two minutes."}
        </output>
      </div>
    </Form>
  );
}
