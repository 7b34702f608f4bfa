"use client";
import { useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { Field, Input, TextArea } from "#/app/_ui/field.tsx";
import { Eye, EyeOff } from "#/app/_ui/icons.tsx";
import { SECRET_FIELD } from "#/lib/form-state.ts";
import { useWorkspace } from "../../_shell/workspace-context.tsx";

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const NAME_RULE = "Up to 64 letters, digits and underscores, not starting with a digit.";

interface NameFieldProps {
  readonly first: string;
  readonly error: string | undefined;
}

/** The field for the name of a new secret. */
export function NameField({ first, error }: NameFieldProps) {
  const [name, setName] = useState(first);
  const isNamed = NAME.test(name);
  return (
    <Field
      label="Name"
      hint={
        isNamed ? (
          <>Steps write {`{{ secrets.${name} }}`}. An existing secret of this name is replaced.</>
        ) : (
          NAME_RULE
        )
      }
      error={isNamed ? undefined : (error ?? (name === "" ? undefined : NAME_RULE))}
    >
      {(wiring) => (
        <Input
          {...wiring}
          name="name"
          value={name}
          autoComplete="off"
          spellCheck={false}
          placeholder="PAYMENTS_KEY"
          className="font-mono"
          onChange={({ target }) => setName(target.value.trim())}
        />
      )}
    </Field>
  );
}

/** The field for the value of a secret: several lines, because keys have them; dots unless somebody wants to see what they write. */
export function ValueField({ error }: { readonly error: string | undefined }) {
  const { isPlain } = useWorkspace();
  const [isShown, setShown] = useState(false);
  return (
    <div className="relative">
      <Field label="Value" error={error}>
        {(wiring) => (
          <TextArea
            {...wiring}
            name={`${SECRET_FIELD}value`}
            autoComplete="off"
            spellCheck={false}
            className={cn("font-mono", !isShown && "[-webkit-text-security:disc]")}
          />
        )}
      </Field>
      {!isPlain && (
        <Button
          variant="ghost"
          aria-pressed={isShown}
          className="absolute -top-1.5 right-0 h-7 px-2 text-xs"
          onClick={() => setShown(!isShown)}
        >
          {isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />} {isShown ? "Hide" : "Show"}
        </Button>
      )}
    </div>
  );
}
