"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input, Select, TextArea } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { ApiError } from "#/sdk/client/api-error.ts";
import { useCreateTool } from "../_data/tools.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { EMPTY_TOOL, makeTool, METHODS, type ToolDraft } from "./tool-draft.ts";
import { EFFECT_WORDS } from "./tool-words.ts";

interface NewToolDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Declares a request to a server as a tool. */
export function NewToolDialog({ open, onClose }: NewToolDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="New HTTP tool"
      description="A request that agents can send, with arguments of theirs and credentials of yours."
    >
      <NewToolForm onClose={onClose} />
    </Dialog>
  );
}

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

function NewToolForm({ onClose }: Pick<NewToolDialogProps, "onClose">) {
  const router = useRouter();
  const path = useWorkspacePath();
  const create = useCreateTool();
  const [draft, setDraft] = useState<ToolDraft>(EMPTY_TOOL);
  const [errors, setErrors] = useState<Errors>({});
  const submit = () => {
    const made = makeTool(draft);
    if ("errors" in made) return setErrors(made.errors);
    create.mutate(made.tool, {
      onSuccess: ({ name }) => {
        onClose();
        router.push(path("tools", name));
      },
      onError: (error) => {
        setErrors(readErrors(error));
        toast.error(describeError(error));
      },
    });
  };
  return (
    <Form onSubmit={submit} className="flex flex-col gap-3.5">
      <Fields draft={draft} errors={errors} onChange={(part) => setDraft({ ...draft, ...part })} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={create.isPending}>
          Create
        </Button>
      </DialogActions>
    </Form>
  );
}

interface FieldsProps {
  readonly draft: ToolDraft;
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
  const { draft, onChange } = props;
  return (
    <>
      {HEAD.map((info) => (
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
