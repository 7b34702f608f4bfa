"use client";
import { useState } from "react";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { HOST_RULE, isHostPattern } from "#/lib/secret-hosts.ts";
import { readHosts } from "./read-hosts.ts";

interface HostsFieldProps {
  readonly first: string;
  readonly error: string | undefined;
}

/** The field for the hosts that a secret may be sent to. */
export function HostsField({ first, error }: HostsFieldProps) {
  const [text, setText] = useState(first);
  const wrong = readHosts(text).find((host) => !isHostPattern(host));
  return (
    <Field
      label="Allowed hosts"
      hint="One per line, such as api.example.com or *.example.com. The secret is only sent to these hosts."
      error={wrong === undefined ? error : `“${wrong}” is not a host. ${HOST_RULE}`}
    >
      {(wiring) => (
        <TextArea
          {...wiring}
          name="hosts"
          value={text}
          rows={2}
          autoComplete="off"
          spellCheck={false}
          placeholder="api.example.com"
          className="font-mono"
          onChange={({ target }) => setText(target.value)}
        />
      )}
    </Field>
  );
}
