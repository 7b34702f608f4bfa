"use client";
import { useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input, Select, TextArea } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { CreateTool } from "#/operations/tools/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { makeTool, METHODS, type ToolDraft } from "./tool-draft.ts";
import { EFFECT_WORDS } from "./tool-words.ts";

/** The fields of the form, by where the API says that something is wrong. */
const FIELD_OF: readonly (readonly [string, keyof ToolDraft])[] = [
  ["/name", "name"],
  ["/description", "description"],
  ["/request/url", "url"],
  ["/request/headers", "headers"],
  ["/request/connection", "connection"],
  ["/input", "input"],
];

type Errors = Readonly<Partial<Record<keyof ToolDraft, string>>>;

function readErrors(error: unknown): Errors {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    error.problems.flatMap(({ path, message }) => {
      const [, field] = FIELD_OF.find(([place]) => path.startsWith(place)) ?? [];
      return field ? [[field, message]] : [];
    }),
  );
}

interface ToolFormProps {
  readonly initial: ToolDraft;
  /** The name of a tool cannot change: workflows know it by it. */
  readonly isNamed?: boolean;
  readonly action: string;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onSubmit: (tool: CreateTool) => void;
  readonly onCancel: () => void;
}

/** The fields of a request that is a tool. */
export function ToolForm(props: ToolFormProps) {
  const { initial, isNamed = false, action, pending, error, onSubmit, onCancel } = props;
  const [draft, setDraft] = useState<ToolDraft>(initial);
  const [errors, setErrors] = useState<Errors>({});
  const submit = () => {
    const made = makeTool(draft);
    setErrors("errors" in made ? made.errors : {});
    if ("tool" in made) onSubmit(made.tool);
  };
  return (
    <Form onSubmit={submit} className="flex flex-col gap-3.5">
      <Fields
        draft={draft}
        isNamed={isNamed}
        errors={{ ...readErrors(error), ...errors }}
        onChange={(part) => setDraft({ ...draft, ...part })}
      />
      {error !== null && (
        <Notice tone="bad" title="Couldn’t save the tool">
          {describeError(error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" pending={pending}>
          {action}
        </Button>
      </DialogActions>
    </Form>
  );
}

interface FieldsProps {
  readonly draft: ToolDraft;
  readonly isNamed: boolean;
  readonly errors: Errors;
  readonly onChange: (part: Partial<ToolDraft>) => void;
}

interface TextFieldInfo {
  readonly name: Exclude<keyof ToolDraft, "method" | "effect">;
  readonly label: string;
  readonly hint: string;
  readonly optional?: true;
}

const HEAD: readonly TextFieldInfo[] = [
  { name: "name", label: "Name", hint: "As agents and workflows call it, such as find_customer" },
  { name: "description", label: "Description", hint: "Models read it to decide when to call" },
  {
    name: "url",
    label: "Address",
    hint: "With arguments of the path in braces: https://api.example.com/users/{id}",
  },
];
const CONNECTION: TextFieldInfo = {
  name: "connection",
  label: "Connection",
  hint: "Its name; it signs the request in",
  optional: true,
};
const HEADERS: TextFieldInfo = {
  name: "headers",
  label: "Headers",
  hint: "One a line: Authorization: Bearer {{ secrets.NAME }}",
  optional: true,
};
const ARGUMENTS: TextFieldInfo = { name: "input", label: "Arguments", hint: "A JSON Schema of type object" };

function Fields(props: FieldsProps) {
  const { draft, isNamed, onChange } = props;
  return (
    <>
      {HEAD.filter(({ name }) => name !== "name" || !isNamed).map((info) => (
        <TextField key={info.name} info={info} control={Input} {...props} />
      ))}
      <div className="grid gap-3.5 sm:grid-cols-2">
        <Choice
          label="Method"
          value={draft.method}
          choices={METHODS}
          onChange={(method) => onChange({ method })}
        />
        <Choice
          label="What it does"
          value={draft.effect}
          choices={EFFECT_WORDS}
          onChange={(effect) => onChange({ effect })}
        />
      </div>
      <TextField info={HEADERS} control={TextArea} {...props} />
      <TextField info={CONNECTION} control={Input} {...props} />
      <TextField info={ARGUMENTS} control={TextArea} {...props} />
    </>
  );
}

interface TextFieldProps extends FieldsProps {
  readonly info: TextFieldInfo;
  readonly control: typeof Input | typeof TextArea;
}

function TextField({ info, control: Control, draft, errors, onChange }: TextFieldProps) {
  const { name, label, hint, optional = false } = info;
  return (
    <Field label={label} hint={hint} error={errors[name]} optional={optional}>
      {(wiring) => (
        <Control
          {...wiring}
          value={draft[name]}
          onChange={({ target }: { readonly target: { readonly value: string } }) =>
            onChange({ [name]: target.value })
          }
        />
      )}
    </Field>
  );
}

interface ChoiceProps<Key extends string> {
  readonly label: string;
  readonly value: Key;
  readonly choices: Readonly<Record<Key, string>>;
  readonly onChange: (value: Key) => void;
}

function Choice<Key extends string>({ label, value, choices, onChange }: ChoiceProps<Key>) {
  const isChoice = (text: string): text is Key => Object.hasOwn(choices, text);
  return (
    <Field label={label}>
      {(wiring) => (
        <Select
          {...wiring}
          value={value}
          onChange={({ target }) => isChoice(target.value) && onChange(target.value)}
        >
          {Object.entries<string>(choices).map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
