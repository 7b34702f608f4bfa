"use client";
import {
  CONNECTION_KIND_INFO,
  type ConnectionField,
  type ConnectionKind,
  type SignIn,
} from "#/agents/vocabulary/connection.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { Field, Input, Select } from "#/app/_ui/field.tsx";
import type { FormState } from "#/lib/form-state.ts";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { nameField } from "./arrange-connection.ts";

interface ConnectionFieldsProps {
  readonly kind: ConnectionKind;
  /** What is stored and no secret. */
  readonly settings: Readonly<Record<string, string>>;
  /** Secret fields that have a value already. */
  readonly stored: readonly string[];
  readonly problems: FormState["problems"];
  readonly textOf: (name: string, stored?: string) => string;
}

const SIGN_IN_NAMES: Readonly<Record<SignIn, string>> = {
  none: "No sign-in",
  bearer: "Bearer token",
  basic: "User name and password",
  header: "A header",
  "oauth2-client": "OAuth client credentials",
  "oauth2-code": "In the browser (OAuth)",
};

/** Fields of a way of signing in are seen while it is chosen: by the style sheet, so that it needs no scripts. */
const SEEN_WITH: Readonly<Record<SignIn, string>> = {
  none: "group-has-[option[value=none]:checked]/kind:block",
  bearer: "group-has-[option[value=bearer]:checked]/kind:block",
  basic: "group-has-[option[value=basic]:checked]/kind:block",
  header: "group-has-[option[value=header]:checked]/kind:block",
  "oauth2-client": "group-has-[option[value=oauth2-client]:checked]/kind:block",
  "oauth2-code": "group-has-[option[value=oauth2-code]:checked]/kind:block",
};

/** The fields that a kind of connection asks for, with the way of signing in that was chosen. */
export function ConnectionFields({ kind, settings, stored, problems, textOf }: ConnectionFieldsProps) {
  const { fields, signIns } = CONNECTION_KIND_INFO[kind];
  const [usual = "none"] = signIns;
  const look = (only: readonly SignIn[] | undefined) =>
    only && signIns.length > 1 ? cn("hidden", ...only.map((signIn) => SEEN_WITH[signIn])) : undefined;
  return (
    <div className="group/kind flex flex-col gap-3.5">
      {signIns.length > 1 && (
        <SignInField
          name={nameField(kind, "signIn")}
          signIns={signIns}
          first={textOf(nameField(kind, "signIn"), settings["signIn"] ?? usual)}
        />
      )}
      {kind === "http" && (
        <div className={look(["oauth2-code"])}>
          <ComesBack />
        </div>
      )}
      {Object.entries(fields).map(([name, field]) => {
        const inForm = nameField(kind, name, field.isSecret);
        return (
          <div key={name} className={look(field.signIns)}>
            <ValueField
              name={inForm}
              field={field}
              first={textOf(inForm, settings[name])}
              isStored={stored.includes(name)}
              error={problems[`fields.${name}`]}
            />
          </div>
        );
      })}
    </div>
  );
}

/** The address that the client has to be registered with, where its ID and secret come from. */
function ComesBack() {
  const { isPlain } = useWorkspace();
  if (isPlain)
    return <p className="text-xs text-muted-foreground">Signing in with it afterwards takes JavaScript.</p>;
  return (
    <div className="flex flex-col gap-1">
      <p className="text-xs text-muted-foreground">
        Register a client at the API with this redirect address. Once the connection is saved, press Connect
        and sign in.
      </p>
      <CodeBlock code={`${location.origin}/api/mcp-sign-in`} what="redirect address" />
    </div>
  );
}

interface SignInFieldProps {
  readonly name: string;
  readonly signIns: readonly SignIn[];
  readonly first: string;
}

const SignInField = ({ name, signIns, first }: SignInFieldProps) => (
  <Field label="Sign-in">
    {(wiring) => (
      <Select {...wiring} name={name} defaultValue={first}>
        {signIns.map((one) => (
          <option key={one} value={one}>
            {SIGN_IN_NAMES[one]}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

interface ValueFieldProps {
  readonly name: string;
  readonly field: ConnectionField;
  readonly first: string;
  readonly isStored: boolean;
  readonly error: string | undefined;
}

function ValueField({ name, field, first, isStored, error }: ValueFieldProps) {
  const { label, hint, choices } = field;
  return (
    <Field
      label={label}
      hint={isStored ? "Leave empty to keep the stored one." : hint}
      error={error}
      optional={!field.isRequired && !choices && field.default === undefined}
    >
      {(wiring) =>
        choices ? (
          <Select {...wiring} name={name} defaultValue={first || field.default}>
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </Select>
        ) : (
          <Input
            {...wiring}
            name={name}
            type={field.isSecret ? "password" : "text"}
            defaultValue={field.isSecret ? "" : first}
            placeholder={isStored ? "••••••••" : field.default}
            autoComplete={field.isSecret ? "new-password" : "off"}
            spellCheck={false}
            className="font-mono"
          />
        )
      }
    </Field>
  );
}
