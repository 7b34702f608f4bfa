"use client";
import {
  CONNECTION_KIND_INFO,
  type ConnectionField,
  type ConnectionKind,
  type SignIn,
} from "#/agents/vocabulary/connection.ts";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { Field, Input, Select } from "#/app/_ui/field.tsx";

type Values = Readonly<Record<string, string>>;

interface ConnectionFieldsProps {
  readonly kind: ConnectionKind;
  readonly values: Values;
  /** Secret fields that have a value already. */
  readonly stored: readonly string[];
  /** By the names of the fields. */
  readonly problems: Values;
  readonly onChange: (field: string, value: string) => void;
}

const SIGN_IN_NAMES: Readonly<Record<SignIn, string>> = {
  none: "No sign-in",
  bearer: "Bearer token",
  basic: "User name and password",
  header: "A header",
  "oauth2-client": "OAuth client credentials",
  "oauth2-code": "In the browser (OAuth)",
};

/** The fields that a kind of connection asks for, with the way of signing in that was chosen. */
export function ConnectionFields({ kind, values, stored, problems, onChange }: ConnectionFieldsProps) {
  const { fields, signIns } = CONNECTION_KIND_INFO[kind];
  const signIn = signIns.find((one) => one === values["signIn"]) ?? signIns[0] ?? "none";
  const asked = Object.entries(fields).filter(([, field]) => field.signIns?.includes(signIn) ?? true);
  return (
    <>
      {signIns.length > 1 && (
        <SignInField signIns={signIns} value={signIn} onChange={(value) => onChange("signIn", value)} />
      )}
      {kind === "http" && signIn === "oauth2-code" && <ComesBack />}
      {asked.map(([name, field]) => (
        <ValueField
          key={name}
          field={field}
          value={values[name] ?? ""}
          isStored={stored.includes(name)}
          error={problems[name]}
          onChange={(value) => onChange(name, value)}
        />
      ))}
    </>
  );
}

/** The address that the client has to be registered with, where its ID and secret come from. */
const ComesBack = () => (
  <div className="flex flex-col gap-1">
    <p className="text-xs text-muted-foreground">
      Register a client at the API with this redirect address. Once the connection is saved, press Connect and
      sign in.
    </p>
    <CodeBlock code={`${location.origin}/api/mcp-sign-in`} what="redirect address" />
  </div>
);

interface SignInFieldProps {
  readonly signIns: readonly SignIn[];
  readonly value: SignIn;
  readonly onChange: (value: string) => void;
}

function SignInField({ signIns, value, onChange }: SignInFieldProps) {
  return (
    <Field label="Sign-in">
      {(wiring) => (
        <Select {...wiring} value={value} onChange={({ target }) => onChange(target.value)}>
          {signIns.map((one) => (
            <option key={one} value={one}>
              {SIGN_IN_NAMES[one]}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

interface ValueFieldProps {
  readonly field: ConnectionField;
  readonly value: string;
  readonly isStored: boolean;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

function ValueField({ field, value, isStored, error, onChange }: ValueFieldProps) {
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
          <Select
            {...wiring}
            value={value || field.default}
            onChange={({ target }) => onChange(target.value)}
          >
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </Select>
        ) : (
          <Input
            {...wiring}
            type={field.isSecret ? "password" : "text"}
            value={value}
            placeholder={isStored ? "••••••••" : field.default}
            autoComplete={field.isSecret ? "new-password" : "off"}
            spellCheck={false}
            className="font-mono"
            onChange={({ target }) => onChange(target.value)}
          />
        )
      }
    </Field>
  );
}
