"use client";
import { useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Checkbox, Field, Input } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { QuietHours } from "#/operations/notifications/contract.ts";
import { useSetQuietHours } from "../../_data/notifications.ts";

const SUGGESTED = { from: "22:00", to: "07:00" };

/** When nothing is told. What is still open afterwards is told then. */
export function QuietHoursForm({ stored }: { readonly stored: QuietHours | null }) {
  const [isOn, setOn] = useState(stored !== null);
  const [hours, setHours] = useState<QuietHours>(
    () => stored ?? { ...SUGGESTED, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  );
  const save = useSetQuietHours();
  const isSaved = isOn ? JSON.stringify(hours) === JSON.stringify(stored) : stored === null;
  const submit = () => save.mutate(isOn ? hours : null, { onSuccess: () => toast.success("Saved.") });
  return (
    <Form onSubmit={submit} className="flex flex-col gap-3 p-4">
      <Checkbox checked={isOn} onChange={({ target }) => setOn(target.checked)}>
        Quiet hours
        <span className="block text-xs text-muted-foreground">
          Nothing is told then. What still waits afterwards is told in one message.
        </span>
      </Checkbox>
      {isOn && <HoursFields hours={hours} onChange={setHours} />}
      {save.error && (
        <p role="alert" className="text-sm text-bad">
          {describeError(save.error)}
        </p>
      )}
      {!isSaved && (
        <div className="flex justify-end">
          <Button type="submit" pending={save.isPending}>
            Save quiet hours
          </Button>
        </div>
      )}
    </Form>
  );
}

interface HoursFieldsProps {
  readonly hours: QuietHours;
  readonly onChange: (hours: QuietHours) => void;
}

function HoursFields({ hours, onChange }: HoursFieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-[1fr_1fr_2fr]">
      {(["from", "to"] as const).map((name) => (
        <Field key={name} label={name === "from" ? "From" : "To"}>
          {(wiring) => (
            <Input
              {...wiring}
              type="time"
              required
              value={hours[name]}
              onChange={({ target }) => onChange({ ...hours, [name]: target.value })}
            />
          )}
        </Field>
      ))}
      <div className="max-sm:col-span-2">
        <Field label="Time zone">
          {(wiring) => (
            <Input
              {...wiring}
              required
              maxLength={60}
              value={hours.timeZone}
              onChange={({ target }) => onChange({ ...hours, timeZone: target.value })}
            />
          )}
        </Field>
      </div>
    </div>
  );
}
