"use client";
import { type ComponentProps, useEffect, useRef } from "react";
import { Checkbox, Field, FieldSet, Input, Select, TextArea } from "#/app/_ui/field.tsx";
import { type Choice, tickedKeys, tickedText } from "#/app/_ui/schema-choices.ts";
import type { FieldKind, FormDraft, SchemaField } from "#/app/_ui/schema-fields.ts";

interface SchemaFormProps {
  readonly fields: readonly SchemaField[];
  readonly draft: FormDraft;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (draft: FormDraft) => void;
}

/** The fields of a JSON Schema. Who shows them keeps the draft and reads it with `readForm`. New errors bring the focus to the first of them. */
export function SchemaForm({ fields, draft, errors, onChange }: SchemaFormProps) {
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (Object.keys(errors).length > 0)
      form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);
  return (
    <div ref={form} className="flex flex-col gap-3.5">
      {fields.map((field) => (
        <SchemaInput
          key={field.name}
          field={field}
          value={draft[field.name] ?? ""}
          error={errors[field.name]}
          onChange={(value) => onChange({ ...draft, [field.name]: value })}
        />
      ))}
    </div>
  );
}

interface SchemaInputProps {
  readonly field: SchemaField;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

function SchemaInput(props: SchemaInputProps) {
  return props.field.kind === "choices" ? <Boxes {...props} /> : <OneValue {...props} />;
}

/** One box for each choice. */
function Boxes({ field, value, error, onChange }: SchemaInputProps) {
  const { label, hint, required, choices } = field;
  const ticked = tickedKeys(value);
  const toggle = (key: string) =>
    onChange(tickedText(ticked.includes(key) ? ticked.filter((other) => other !== key) : [...ticked, key]));
  return (
    <FieldSet label={label} hint={hint} error={error} optional={!required}>
      {choices.map((choice) => (
        <Checkbox
          key={choice.key}
          checked={ticked.includes(choice.key)}
          aria-invalid={error ? true : undefined}
          onChange={() => toggle(choice.key)}
        >
          {choice.label}
        </Checkbox>
      ))}
    </FieldSet>
  );
}

function OneValue({ field, value, error, onChange }: SchemaInputProps) {
  const { kind, choices, required, label, hint } = field;
  return (
    <Field
      label={label}
      hint={[hint, HINTS[kind]].filter(Boolean).join(" ")}
      error={error}
      optional={!required && kind !== "boolean"}
    >
      {(wiring) => {
        const shared = { ...wiring, value, required };
        if (kind === "choice" || kind === "boolean") {
          return (
            <Select {...shared} required={false} onChange={({ target }) => onChange(target.value)}>
              {kind === "boolean" ? <BooleanOptions /> : <Options choices={choices} required={required} />}
            </Select>
          );
        }
        if (kind === "text" || kind === "json" || kind === "lines")
          return (
            <TextArea
              {...shared}
              className={kind === "json" ? "font-mono text-xs" : ""}
              onChange={({ target }) => onChange(target.value)}
            />
          );
        if (kind === "moment")
          return (
            <Input
              {...shared}
              type="datetime-local"
              value={localMoment(value)}
              suppressHydrationWarning
              onChange={({ target }) => onChange(target.value)}
            />
          );
        return <Input {...shared} {...INPUT_LOOK[kind]} onChange={({ target }) => onChange(target.value)} />;
      }}
    </Field>
  );
}

const HINTS: Partial<Record<FieldKind, string>> = {
  lines: "One per line.",
  json: "As JSON. Put text in quotes.",
};

const INPUT_LOOK: Partial<Record<FieldKind, ComponentProps<"input">>> = {
  line: { inputMode: "text" },
  number: { inputMode: "decimal" },
  integer: { inputMode: "numeric" },
  date: { type: "date" },
  email: { type: "email" },
  url: { type: "url" },
};

/** A moment of the schema as the browser's field shows it: in the person's own time. */
function localMoment(text: string): string {
  if (!/(?:Z|[+-]\d\d:\d\d)$/.test(text)) return text;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return text;
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function BooleanOptions() {
  return (
    <>
      <option value="false">No</option>
      <option value="true">Yes</option>
    </>
  );
}

function Options({ choices, required }: { readonly choices: readonly Choice[]; readonly required: boolean }) {
  return (
    <>
      {/* Nothing is chosen for people; what is optional can be left so. */}
      <option value="">{required ? "Choose…" : "–"}</option>
      {choices.map(({ key, label }) => (
        <option key={key} value={key}>
          {label}
        </option>
      ))}
    </>
  );
}
