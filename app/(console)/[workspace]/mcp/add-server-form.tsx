"use client";
import { useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input, Select } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { AddMcpServer, McpPreset } from "#/operations/mcp-servers/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { useAddMcpServer, useMcpPresets } from "../_data/mcp.ts";
import { SERVER_FIELDS, type ServerField, type ServerSignIn } from "./server-fields.ts";
import { SignInOptions } from "./sign-in-options.tsx";

interface AddServerFormProps {
  readonly preset: McpPreset | undefined;
  readonly onBack: () => void;
  readonly onAdded: () => void;
}

interface Draft {
  readonly name: string;
  readonly url: string;
  readonly signIn: ServerSignIn;
  readonly token: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string;
}

/** The form that adds a server. */
export function AddServerForm({ preset, onBack, onAdded }: AddServerFormProps) {
  const [draft, setDraft] = useState<Draft>(() => startDraft(preset));
  const add = useAddMcpServer();
  const change = (name: string, value: string) => setDraft({ ...draft, [name]: value });
  const shown = SERVER_FIELDS.filter((field) => field.for === undefined || field.for === draft.signIn);
  const send = () => add.mutate(toBody(draft, shown, preset), { onSuccess: onAdded });
  const problems = add.error instanceof ApiError ? add.error.problems : [];
  return (
    <Form onSubmit={send} className="flex flex-col gap-3.5">
      {preset && <Steps preset={preset} />}
      {shown.map((field) => (
        <TextInput
          key={field.name}
          field={field}
          value={draft[field.name]}
          error={problems.find(({ path }) => path === `/${field.name}`)?.message}
          onChange={(value) => change(field.name, value)}
        />
      ))}
      <Field label="Sign-in">
        {(wiring) => (
          <Select {...wiring} value={draft.signIn} onChange={({ target }) => change("signIn", target.value)}>
            <SignInOptions />
          </Select>
        )}
      </Field>
      {add.error && (
        <Notice tone="bad" title="Couldn’t add the server">
          {describeError(add.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onBack}>Back</Button>
        <Button
          type="submit"
          variant="primary"
          pending={add.isPending}
          disabled={draft.name === "" || draft.url === ""}
        >
          Add server
        </Button>
      </DialogActions>
    </Form>
  );
}

const startDraft = (preset: McpPreset | undefined): Draft => ({
  name: preset?.key ?? "",
  url: preset?.url ?? "",
  signIn: preset?.signIn ?? "none",
  scopes: preset?.scopes ?? "",
  token: "",
  clientId: "",
  clientSecret: "",
});

/** Fields that another way of signing in asks for stay behind. */
function toBody(draft: Draft, shown: readonly ServerField[], preset: McpPreset | undefined): AddMcpServer {
  const given = shown.map(({ name }) => [name, draft[name].trim()] as const);
  const { name, url, signIn } = draft;
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== "")),
    name: name.trim(),
    url: url.trim(),
    signIn,
    ...(preset && { preset: preset.key }),
  };
}

interface TextInputProps {
  readonly field: ServerField;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

function TextInput({ field: { label, hint, isSecret, isOptional }, value, error, onChange }: TextInputProps) {
  return (
    <Field label={label} hint={hint} optional={isOptional === true} error={error}>
      {(wiring) => (
        <Input
          {...wiring}
          type={isSecret ? "password" : "text"}
          autoComplete="off"
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

function Steps({ preset }: { readonly preset: McpPreset }) {
  const { data } = useMcpPresets();
  return (
    <div className="flex flex-col gap-2 rounded-md bg-well px-3 py-2.5">
      <ol className="flex list-decimal flex-col gap-1 pl-4 text-ink-2">
        {preset.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {preset.signIn === "oauth2-code" && data && (
        <div className="text-xs">
          Redirect address
          <CodeBlock code={data.redirectUri} what="redirect address" />
        </div>
      )}
    </div>
  );
}
