"use client";
import { MessageSquare } from "#/app/_ui/icons.tsx";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import { Button } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { ActionButtons, EditButtons } from "#/app/_ui/decision-buttons.tsx";
import {
  countChanges,
  type DecisionDraft,
  isChanged,
  type MadeDecision,
  readDecision,
} from "#/app/_ui/decision-draft.ts";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { keep } from "#/app/_ui/kept-draft.ts";
import { openProposal, type Proposal } from "#/app/_ui/proposal.ts";
import { ProposedFields } from "#/app/_ui/proposed-fields.tsx";
import { readFields, type FormDraft, initialDraft, problemsByField } from "#/app/_ui/schema-fields.ts";
import { SchemaForm } from "#/app/_ui/schema-form.tsx";
import { useKept } from "#/app/_ui/use-kept.ts";
import type { Problem } from "#/lib/http/wire.ts";

interface DecisionFormProps {
  readonly actions: readonly string[];
  /** What is decided on, where actions are explained by it. */
  readonly subject?: ApprovalSubject | undefined;
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
  readonly layout?: Layout;
}

/** Meaning of the fields: an answer to the question, the arguments that a tool call proposes, or a value that “edit” opens. */
type FormKind = "answers" | "arguments" | "edits";

function chooseKind(actions: readonly string[], { form, isOpened }: Proposal): FormKind {
  if (form === null || !actions.includes("edit")) return "answers";
  return isOpened && actions.includes("approve") ? "arguments" : "edits";
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
  const proposal = openProposal(form);
  const fields = readFields(proposal.form);
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
      const { values, ...decision } = read.decision;
      const answer = await onDecide({ ...decision, ...(values && { values: proposal.toValues(values) }) });
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
  const kind = chooseKind(actions, proposal);
  return { draft, setTyped, errors, setComment, sending, send, reset, editing, setEditing, kind };
}

/** Place of a decision's buttons: in a row, each in a line with what happens then, or below a pane, with their keys. */
type Layout = "row" | "explained" | "pane";

const BUTTONS_LOOK: Readonly<Record<Layout, string>> = {
  row: "flex flex-wrap items-center gap-2",
  explained: "grid items-center gap-x-4 gap-y-2 sm:grid-cols-[minmax(8.25rem,auto)_minmax(0,1fr)]",
  pane: "sticky bottom-0 -mx-4 mt-auto flex flex-wrap items-center gap-2 border-t border-line bg-sheet px-4 py-3 max-md:bottom-14 max-md:[&>[data-key]]:grow md:-mx-8 md:px-8",
};

/** The buttons of an open approval with the fields of its form and a comment. Where there is an action “edit”, the fields belong to it alone. */
export function DecisionForm(props: DecisionFormProps) {
  const { actions, subject, isDecided = false, refusal, children, layout = "row" } = props;
  const { draft, setTyped, errors, setComment, sending, send, reset, editing, setEditing, kind } =
    useDecisionForm(props);
  const proposed = <ProposedFields draft={draft} errors={errors} onChange={setTyped} />;
  const isEditing = kind === "edits" && editing;
  const changes = kind === "answers" ? 0 : countChanges(draft);
  const shared = { sending, disabled: isDecided, send, hasKeys: layout === "pane", changes };
  return (
    <div className={cn("flex flex-col gap-3.5", layout === "pane" && "min-h-0 flex-1 gap-5")}>
      {kind === "answers" && (
        <div className="max-w-xl">
          <SchemaForm fields={draft.fields} draft={draft.typed} errors={errors} onChange={setTyped} />
        </div>
      )}
      {kind === "arguments" && proposed}
      {isEditing && <FocusedFields>{proposed}</FocusedFields>}
      <Comment value={draft.comment} onChange={setComment}>
        {(addComment) => (
          <>
            {refusal && (
              <Notice tone="bad" title="Couldn’t record the decision">
                {refusal}
              </Notice>
            )}
            <div className={BUTTONS_LOOK[isEditing && layout === "explained" ? "row" : layout]}>
              {isEditing ? (
                <EditButtons {...shared} onBack={() => (reset(), setEditing(false))} />
              ) : (
                <ActionButtons
                  {...shared}
                  actions={kind === "arguments" ? actions.filter((action) => action !== "edit") : actions}
                  subject={subject}
                  isExplained={layout === "explained"}
                  onEdit={kind === "edits" ? () => setEditing(true) : undefined}
                />
              )}
              {kind === "arguments" && changes > 0 && (
                <Button disabled={sending !== undefined} onClick={reset}>
                  Discard changes
                </Button>
              )}
              {layout === "pane" && <span className="basis-full md:hidden" />}
              {addComment}
              {children}
            </div>
          </>
        )}
      </Comment>
    </div>
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
