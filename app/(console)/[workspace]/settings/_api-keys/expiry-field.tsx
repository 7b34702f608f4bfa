import { Field, Input, Select } from "#/app/_ui/field.tsx";
import { writeMoment } from "#/app/_ui/time.tsx";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { EXPIRIES, findEnd, ON_A_DATE, writeDay } from "./key-expiry.ts";
import type { KeyFieldProps } from "./permissions-field.tsx";

interface ExpiryFieldProps extends KeyFieldProps {
  readonly now: number;
  readonly error: string | undefined;
}

/** When the key ends by itself. Without scripts all fields are there at once, and days end in UTC. */
export function ExpiryField({ draft, now, error, onChange }: ExpiryFieldProps) {
  const { isPlain } = useWorkspace();
  return (
    <div className="grid gap-x-3 gap-y-3.5 min-[26rem]:grid-cols-2">
      <Field label="Expires" hint={isPlain ? undefined : explainEnd(findEnd(draft, now))} error={error}>
        {(wiring) => (
          <Select
            {...wiring}
            name="expiry"
            value={draft.expiry}
            onChange={({ target }) => onChange({ expiry: target.value })}
          >
            {EXPIRIES.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {(isPlain || draft.expiry === ON_A_DATE) && (
        <Field label={isPlain ? "Last day in UTC, if on a date" : "Last day"}>
          {(wiring) => (
            <Input
              {...wiring}
              name="date"
              type="date"
              min={isPlain ? undefined : writeDay(now)}
              value={draft.date}
              onChange={({ target }) => onChange({ date: target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

function explainEnd(end: number | undefined): string {
  if (end === undefined) return "It works until somebody revokes it.";
  return Number.isNaN(end) ? "It works until the end of that day." : `It works until ${writeMoment(end)}.`;
}
