"use client";
import { cn } from "#/app/_ui/class-names.ts";
import { Field, Input, Select } from "#/app/_ui/field.tsx";
import { Plus } from "#/app/_ui/icons.tsx";
import { useMcpPresets } from "../_data/mcp.ts";
import { type FormFieldsProps, FormWindow } from "../_form/form-window.tsx";
import { addServer } from "./actions.ts";
import { nameInForm, SERVER_FIELDS, type ServerField, type ServerSignIn } from "./server-fields.ts";
import { SignInOptions } from "./sign-in-options.tsx";

const ADDRESSES = "mcp-addresses";

/** Adds a server by its address. The addresses that many know are offered. */
export function PlainAddServer() {
  return (
    <FormWindow
      button={{
        variant: "primary",
        children: (
          <>
            <Plus aria-hidden /> Add server
          </>
        ),
      }}
      action={addServer}
      place="mcp#new-server"
      title="Add MCP server"
      description="Tokens are encrypted and never shown again. No tool can be called before it is chosen."
      submit="Add server"
      isOnce
      done="Server added"
    >
      {(form) => <ServerFields {...form} />}
    </FormWindow>
  );
}

/** Fields of a way of signing in are seen while it is chosen: by the style sheet. */
const SEEN_WITH: Readonly<Partial<Record<ServerSignIn, string>>> = {
  bearer: "group-has-[option[value=bearer]:checked]/server:block",
  "oauth2-code": "group-has-[option[value=oauth2-code]:checked]/server:block",
};

function ServerFields({ state: { problems }, textOf }: Pick<FormFieldsProps, "state" | "textOf">) {
  const { data } = useMcpPresets();
  return (
    <div className="group/server flex flex-col gap-3.5">
      <Field label="Sign-in" error={problems["signIn"]}>
        {(wiring) => (
          <Select {...wiring} name="signIn" defaultValue={textOf("signIn", "none")}>
            <SignInOptions />
          </Select>
        )}
      </Field>
      {SERVER_FIELDS.map((field) => (
        <div key={field.name} className={cn(field.for && "hidden", field.for && SEEN_WITH[field.for])}>
          <TextField field={field} first={textOf(field.name)} error={problems[field.name]} />
        </div>
      ))}
      <datalist id={ADDRESSES}>
        {data?.items.map(({ key, label, url }) => (
          <option key={key} value={url}>
            {label}
          </option>
        ))}
      </datalist>
    </div>
  );
}

interface TextFieldProps {
  readonly field: ServerField;
  readonly first: string;
  readonly error: string | undefined;
}

function TextField({ field, first, error }: TextFieldProps) {
  const { name, label, hint, isSecret = false, isOptional = false } = field;
  return (
    <Field label={label} hint={hint} optional={isOptional} error={error}>
      {(wiring) => (
        <Input
          {...wiring}
          name={nameInForm(field)}
          type={isSecret ? "password" : "text"}
          defaultValue={isSecret ? "" : first}
          autoComplete={isSecret ? "new-password" : "off"}
          spellCheck={false}
          {...(name === "url" && { list: ADDRESSES })}
        />
      )}
    </Field>
  );
}
