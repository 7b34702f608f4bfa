"use client";
import { useMemo } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import type { DecisionDraft } from "#/app/_ui/decision-draft.ts";
import { tickedKeys } from "#/app/_ui/schema-choices.ts";
import type { FormDraft, SchemaField } from "#/app/_ui/schema-fields.ts";
import { SchemaForm } from "#/app/_ui/schema-form.tsx";
import { diffWords, type Piece } from "#/app/_ui/word-diff.ts";

interface ProposedFieldsProps {
  readonly draft: DecisionDraft;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (typed: FormDraft) => void;
}

/** Values as proposed beside those that will be sent: what has changed carries an edge, and the words that differ are marked. */
export function ProposedFields({ draft, errors, onChange }: ProposedFieldsProps) {
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <div
        aria-hidden
        className="hidden grid-cols-2 border-b border-line bg-well text-2xs font-medium text-ink-3 lg:grid"
      >
        <span className="px-3 py-2">Proposed</span>
        <span className="px-3 py-2">What will be sent</span>
      </div>
      {draft.fields.map((field) => (
        <ProposedField
          key={field.name}
          field={field}
          typed={draft.typed}
          error={errors[field.name]}
          onChange={onChange}
        />
      ))}
    </div>
  );
}

const NO_ERRORS: Readonly<Record<string, string>> = {};

interface ProposedFieldProps {
  readonly field: SchemaField;
  readonly typed: FormDraft;
  readonly error: string | undefined;
  readonly onChange: (typed: FormDraft) => void;
}

function ProposedField({ field, typed, error, onChange }: ProposedFieldProps) {
  const text = typed[field.name] ?? "";
  const isChanged = text !== field.initial;
  // The same object as long as it says the same: a new one takes the focus to its field.
  const errors = useMemo(
    () => (error === undefined ? NO_ERRORS : { [field.name]: error }),
    [error, field.name],
  );
  return (
    <div
      className={cn(
        "relative grid border-line not-first:border-t lg:grid-cols-2 lg:first-of-type:border-t-0",
        isChanged && "inset-shadow-[2px_0_var(--accent)]",
      )}
    >
      <div className={cn("min-w-0 px-3 pt-2 text-ink-2 lg:py-2.5", !isChanged && "max-lg:hidden")}>
        <p className="text-xs text-ink-3">
          <span className="max-lg:hidden">{field.label}</span>
          <span className="lg:hidden">Proposed</span>
        </p>
        <Proposed field={field} text={text} isChanged={isChanged} />
      </div>
      <div className="min-w-0 px-3 py-2">
        <SchemaForm fields={[field]} draft={typed} errors={errors} onChange={onChange} />
        {isChanged && isWords(field) && <Outcome pieces={diffWords(field.initial, text).after} />}
      </div>
    </div>
  );
}

const WORDS: ReadonlySet<string> = new Set(["text", "line", "lines", "json"]);
const isWords = ({ kind }: SchemaField): boolean => WORDS.has(kind);

interface ProposedProps {
  readonly field: SchemaField;
  readonly text: string;
  readonly isChanged: boolean;
}

function Proposed({ field, text, isChanged }: ProposedProps) {
  const shown = shownText(field);
  if (shown === "") return <p className="text-ink-3">Nothing</p>;
  const pieces =
    isChanged && isWords(field)
      ? diffWords(field.initial, text).before
      : [{ text: shown, isCommon: !isChanged, at: 0 }];
  return (
    <p className="break-words whitespace-pre-wrap">
      {pieces.map((piece) => (
        <Removed key={piece.at} {...piece} />
      ))}
    </p>
  );
}

function shownText({ kind, initial, choices }: SchemaField): string {
  const labelOf = (key: string) => choices.find((choice) => choice.key === key)?.label ?? key;
  if (kind === "boolean") return initial === "true" ? "Yes" : "No";
  if (kind === "choices") return tickedKeys(initial).map(labelOf).join(", ");
  return kind === "choice" ? labelOf(initial) : initial;
}

const Removed = ({ text, isCommon }: Piece) =>
  isCommon ? text : <del className="rounded-sm bg-del box-decoration-clone px-0.5 text-del-text">{text}</del>;

/** The new text with what has come marked, below the field, which cannot mark it. */
function Outcome({ pieces }: { readonly pieces: readonly Piece[] }) {
  return (
    <p className="mt-1 text-xs break-words whitespace-pre-wrap text-ink-3">
      {pieces.map((piece) => (
        <Added key={piece.at} {...piece} />
      ))}
    </p>
  );
}

const Added = ({ text, isCommon }: Piece) =>
  isCommon ? (
    text
  ) : (
    <ins className="rounded-sm bg-add box-decoration-clone px-0.5 text-add-text no-underline contrast:underline">
      {text}
    </ins>
  );
