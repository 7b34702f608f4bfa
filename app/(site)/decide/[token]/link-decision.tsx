"use client";
import { useState, useTransition } from "react";
import { takesValues } from "#/agents/engine/approval-values.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { fieldsOf, initialDraft, problemsByField } from "#/app/_ui/schema-fields.ts";
import { SchemaForm } from "#/app/_ui/schema-form.tsx";
import { readForm } from "#/app/_ui/schema-reader.ts";
import { decideByLink, type LinkDecision } from "./decide.ts";

interface LinkDecisionProps {
  readonly token: string;
  readonly actions: readonly string[];
  readonly form: Readonly<Record<string, unknown>> | null;
}

const nameOf = (action: string) => action.charAt(0).toUpperCase() + action.slice(1).replaceAll(/[_-]+/g, " ");

/** The fields, a comment and the buttons of an approval, for somebody without an account. */
export function LinkDecisionForm({ token, actions, form }: LinkDecisionProps) {
  const fields = fieldsOf(form);
  const [draft, setDraft] = useState(() => initialDraft(fields));
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [comment, setComment] = useState("");
  const [answer, setAnswer] = useState<LinkDecision>();
  const [isPending, begin] = useTransition();
  if (answer?.ok) return <Notice tone="info" title="Thank you, the decision is taken.">The run goes on. This link does nothing more.</Notice>;
  const decide = (action: string) => {
    const asked = takesValues(actions, action) ? fields : [];
    const read = readForm(asked, draft);
    setErrors(read.ok ? {} : read.errors);
    if (!read.ok) return;
    const values = asked.length > 0 ? { values: read.values } : {};
    begin(async () => {
      const given = await decideByLink(token, { action, ...values, ...(comment.trim() !== "" && { comment: comment.trim() }) });
      setAnswer(given);
      if (!given.ok) setErrors(problemsByField(given.problems ?? [], fields));
    });
  };
  return (
    <div className="flex flex-col gap-3.5">
      <SchemaForm fields={fields} draft={draft} errors={errors} onChange={setDraft} />
      <Field label="Comment" optional>
        {(wiring) => <TextArea {...wiring} value={comment} onChange={({ target }) => setComment(target.value)} />}
      </Field>
      {answer && !answer.ok && <Notice tone="bad" title="The decision was not taken">{answer.message}</Notice>}
      <div className="flex flex-wrap gap-2">
        {actions.map((action) => (
          <Button key={action} variant={action === "reject" ? "danger" : action === "approve" ? "primary" : "outline"} disabled={isPending} onClick={() => decide(action)}>
            {nameOf(action)}
          </Button>
        ))}
      </div>
    </div>
  );
}
