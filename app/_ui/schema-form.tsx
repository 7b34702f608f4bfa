"use client";
import { Field, Input, Select, TextArea } from "#/app/_ui/field.tsx";
import type { FormDraft, SchemaField } from "#/app/_ui/schema-fields.ts";

interface SchemaFormProps {
  readonly fields: readonly SchemaField[];
  readonly draft: FormDraft;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (draft: FormDraft) => void;
}

/** The fields of a JSON Schema. Who shows them keeps the draft and reads it with `readForm`. */
export function SchemaForm({ fields, draft, errors, onChange }: SchemaFormProps) {
  return (
    <div className="flex flex-col gap-3.5">
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

function SchemaInput({ field, value, error, onChange }: SchemaInputProps) {
  const { kind, choices, required, label, hint } = field;
  return (
    <Field label={label} hint={kind === "lines" ? (hint ?? "One on each line.") : hint} error={error} optional={!required && kind !== "boolean"}>
      {(wiring) => {
        const shared = { ...wiring, value, required };
        if (kind === "choice" || kind === "boolean") {
          return (
            <Select {...shared} required={false} onChange={({ target }) => onChange(target.value)}>
              {kind === "boolean" ? <BooleanOptions /> : <Options choices={choices} required={required} />}
            </Select>
          );
        }
        if (kind === "text" || kind === "json" || kind === "lines") return <TextArea {...shared} className={kind === "json" ? "font-mono text-xs" : ""} onChange={({ target }) => onChange(target.value)} />;
        return <Input {...shared} {...INPUT_LOOK[kind]} onChange={({ target }) => onChange(target.value)} />;
      }}
    </Field>
  );
}

const INPUT_LOOK = {
  line: { inputMode: "text" },
  number: { inputMode: "decimal" },
  integer: { inputMode: "numeric" },
  date: { type: "date" },
  moment: { type: "datetime-local" },
  email: { type: "email" },
  url: { type: "url" },
} as const;

function BooleanOptions() {
  return (
    <>
      <option value="">No</option>
      <option value="true">Yes</option>
    </>
  );
}

function Options({ choices, required }: { readonly choices: readonly string[]; readonly required: boolean }) {
  return (
    <>
      {/* Nothing is chosen for people; what is optional can be left so. */}
      <option value="">{required ? "Choose…" : "–"}</option>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </>
  );
}
