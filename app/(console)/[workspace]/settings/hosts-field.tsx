"use client";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { HOST_RULE, isHostPattern } from "#/lib/secret-hosts.ts";

/** The hosts of a list that a person wrote, one a line or with commas. */
export const hostsIn = (text: string): string[] => [
  ...new Set(
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((host) => host !== ""),
  ),
];

export const hostsText = (hosts: readonly string[] | null | undefined): string => (hosts ?? []).join("\n");

interface HostsFieldProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** The field for the hosts that a secret may be sent to. */
export function HostsField({ text, onChange }: HostsFieldProps) {
  const wrong = hostsIn(text).find((host) => !isHostPattern(host));
  return (
    <Field
      label="Allowed hosts"
      hint="One per line, such as api.example.com or *.example.com. The secret is only sent to these hosts."
      error={wrong === undefined ? undefined : `“${wrong}” is not a host. ${HOST_RULE}`}
    >
      {(wiring) => (
        <TextArea
          {...wiring}
          value={text}
          rows={2}
          autoComplete="off"
          spellCheck={false}
          placeholder="api.example.com"
          className="font-mono"
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
