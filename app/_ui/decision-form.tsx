"use client";
import { MessageSquare } from "#/app/_ui/icons.tsx";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { actionName, lookOfAction } from "#/app/_ui/decision-actions.ts";
import { type DecisionDraft, isChanged, type MadeDecision, readDecision } from "#/app/_ui/decision-draft.ts";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { keep } from "#/app/_ui/kept-draft.ts";
import { readFields, type FormDraft, initialDraft, problemsByField } from "#/app/_ui/schema-fields.ts";
import { SchemaForm } from "#/app/_ui/schema-form.tsx";
import { useKept } from "#/app/_ui/use-kept.ts";
import type { Problem } from "#/lib/http/wire.ts";

interface DecisionFormProps {
  readonly actions: readonly string[];
  readonly form: Readonly<Record<string, unknown>> | null;
  /** Names the question in this browser, for keeping what is typed. */
  readonly name: string;
  /** Sends the decision. @returns the problems of its values, or "decided" when it was accepted */
  readonly onDecide: (decision: MadeDecision) => Promise<readonly Problem[] | "decided">;
  readonly isDecided?: boolean;
  /** Why the last try was refused. */
  readonly refusal?: string | undefined;
  /** Buttons beside those of the actions. */
  readonly children?: ReactNode;
}

/** Reads what people have typed before, as far as the browser still has it. */
function typedIn(found: unknown): FormDraft {
  const entries: readonly (readonly [string, unknown])[] =
    typeof found === "object" && found !== null ? Object.entries(found) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, string] => typeof entry[1] === "string"),
  );
}

/** Keeps what people type, and sends the action they choose with it: one at a time, however often a button is pressed. */
function useDecisionForm({ actions, form, name, onDecide }: DecisionFormProps) {
  const fields = readFields(form);
  const kept = `decision-${name}`;
  const [editing, setEditing] = useState(false);
  const [typed, setTyped] = useState(() => initialDraft(fields));
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [comment, setComment] = useState("");
  const [sending, setSending] = useState<string>();
  const isSending = useRef(false);
  const draft: DecisionDraft = { actions, fields, typed, comment };
  useKept(kept, isChanged(draft) ? typed : undefined, (found) => {
    const before = typedIn(found);
    setTyped((now) => ({ ...now, ...before }));
    setEditing(true);
  });

  const send = async (action: string) => {
    if (isSending.current) return;
    const read = readDecision(draft, action);
    setErrors(read.ok ? {} : read.errors);
    if (!read.ok) return;
    isSending.current = true;
    setSending(action);
    try {
      const answer = await onDecide(read.decision);
      if (answer === "decided") keep(kept, undefined);
      else setErrors(problemsByField(answer, fields));
    } finally {
      isSending.current = false;
      setSending(undefined);
    }
  };
  const reset = () => {
    setTyped(initialDraft(fields));
    setErrors({});
  };
  return { draft, setTyped, errors, setComment, sending, send, reset, editing, setEditing };
}

/** The buttons of an open approval with the fields of its form and a comment. Where there is an action “edit”, the fields belong to it alone. */
export function DecisionForm(props: DecisionFormProps) {
  const { form, actions, isDecided = false, refusal, children } = props;
  const { draft, setTyped, errors, setComment, sending, send, reset, editing, setEditing } =
    useDecisionForm(props);
  const isOfEdit = form !== null && actions.includes("edit");
  const fields = <SchemaForm fields={draft.fields} draft={draft.typed} errors={errors} onChange={setTyped} />;
  const shared = { sending, disabled: isDecided, send };
  return (
    <div className="flex flex-col gap-3.5">
      {isOfEdit ? editing && <FocusedFields>{fields}</FocusedFields> : fields}
      <Comment value={draft.comment} onChange={setComment}>
        {(addComment) => (
          <>
            {refusal && (
              <Notice tone="bad" title="Couldn’t record the decision">
                {refusal}
              </Notice>
            )}
            <div className="flex flex-wrap items-center gap-2">
              {isOfEdit && editing ? (
                <EditButtons
                  {...shared}
                  isChanged={isChanged(draft)}
                  onBack={() => (reset(), setEditing(false))}
                />
              ) : (
                actions.map((action) => (
                  <ActionButton
                    key={action}
                    {...shared}
                    action={action}
                    onPress={isOfEdit && action === "edit" ? () => setEditing(true) : undefined}
                  />
                ))
              )}
              {addComment}
              {children}
            </div>
          </>
        )}
      </Comment>
    </div>
  );
}

interface Sending {
  /** The action that is on its way. */
  readonly sending: string | undefined;
  readonly disabled: boolean;
  readonly send: (action: string) => Promise<void>;
}

function ActionButton({
  action,
  sending,
  disabled,
  send,
  onPress,
}: Sending & { readonly action: string; readonly onPress: (() => void) | undefined }) {
  const look = lookOfAction(action);
  const Icon = look?.icon;
  return (
    <Button
      variant={look?.variant}
      pending={sending === action}
      disabled={disabled || sending !== undefined}
      onClick={onPress ?? (() => void send(action))}
    >
      {Icon && <Icon aria-hidden />}
      {actionName(action)}
    </Button>
  );
}

/** The buttons while something is edited. What has not been changed is not saved as an edit: a second press of “Edit” lands here. */
function EditButtons({
  sending,
  disabled,
  send,
  isChanged: changed,
  onBack,
}: Sending & { readonly isChanged: boolean; readonly onBack: () => void }) {
  const [isTold, setTold] = useState(false);
  return (
    <>
      {isTold && !changed && (
        <output className="basis-full text-warn">
          No changes yet. Edit something, or go back and approve it as is.
        </output>
      )}
      <Button
        key="save"
        variant="primary"
        pending={sending === "edit"}
        disabled={disabled || sending !== undefined}
        onClick={() => (changed ? void send("edit") : setTold(true))}
      >
        Save and approve
      </Button>
      <Button key="back" disabled={sending !== undefined} onClick={onBack}>
        {changed ? "Discard changes" : "Back"}
      </Button>
    </>
  );
}

/** Fields that were asked for by a button: the focus moves to the first of them. */
function FocusedFields({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector<HTMLElement>("input, select, textarea")?.focus(), []);
  return <div ref={place}>{children}</div>;
}

interface CommentProps {
  readonly value: string;
  readonly onChange: (comment: string) => void;
  /** The content after the field, with the button that opens it. */
  readonly children: (button: ReactNode) => ReactNode;
}

function Comment({ value, onChange, children }: CommentProps) {
  const [isOpen, setOpen] = useState(false);
  const button = (
    <Button variant="ghost" onClick={() => setOpen(true)}>
      <MessageSquare aria-hidden /> Add a comment
    </Button>
  );
  return (
    <>
      {isOpen && (
        <FocusedFields>
          <Field label="Comment" optional hint="Saved with the decision and available to the workflow.">
            {(wiring) => (
              <TextArea
                {...wiring}
                maxLength={4_000}
                value={value}
                onChange={({ target }) => onChange(target.value)}
              />
            )}
          </Field>
        </FocusedFields>
      )}
      {children(isOpen ? null : button)}
    </>
  );
}
