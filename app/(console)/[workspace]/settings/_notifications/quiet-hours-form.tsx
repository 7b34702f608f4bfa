"use client";
import { Button } from "#/app/_ui/button.tsx";
import { Checkbox, Field, Input } from "#/app/_ui/field.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { QuietHours } from "#/operations/notifications/contract.ts";
import { useNotificationsStore } from "../../_data/notifications.ts";
import { ActionForm, FormMessage } from "../../_form/action-form.tsx";
import { type Sending, useFormAction } from "../../_form/use-form-action.ts";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { saveQuietHours } from "../actions.ts";

/** When nothing is told. What is still open afterwards is told then. */
export function QuietHoursForm({ stored }: { readonly stored: QuietHours | null }) {
  const { store, renew } = useNotificationsStore();
  const sending = useFormAction(saveQuietHours, {
    place: "settings#quiet-hours",
    onDone: (notifications) => {
      store(notifications);
      toast.success("Quiet hours saved");
    },
    // They may have been changed elsewhere: what is sent next replaces those.
    onRefused: () => void renew(),
  });
  const { status, values } = sending.state;
  return (
    <ActionForm sending={sending} className="group flex flex-col gap-3 p-4">
      <Checkbox
        id="quiet-hours"
        name="on"
        defaultChecked={status === "refused" ? "on" in values : stored !== null}
      >
        Quiet hours
        <span className="block text-xs text-muted-foreground">
          Nothing is told then. What still waits afterwards is told in one message.
        </span>
      </Checkbox>
      <HoursFields sending={sending} stored={stored} />
      <Replaced hours={stored} />
      <div className="flex flex-wrap items-center justify-end gap-3">
        <FormMessage sending={sending} done="Quiet hours saved" />
        <Button type="submit" pending={sending.isPending}>
          Save quiet hours
        </Button>
      </div>
    </ActionForm>
  );
}

/** What the page shows as stored. Others that are stored by then stay, and are told. */
function Replaced({ hours }: { readonly hours: QuietHours | null }) {
  const fields = hours
    ? Object.entries(hours).map(([key, value]) => [`replaces.${key}`, value] as const)
    : NONE;
  return fields.map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />);
}

const NONE = [["replaces", ""]] as const;

const readTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const FIELDS = [
  { name: "quietHours.from", label: "From", key: "from", type: "time" },
  { name: "quietHours.to", label: "To", key: "to", type: "time" },
  { name: "quietHours.timeZone", label: "Time zone", key: "timeZone", type: "text" },
] as const;

interface HoursFieldsProps {
  readonly sending: Sending;
  readonly stored: QuietHours | null;
}

/** Seen while the box is ticked: by the style sheet, so that it needs no scripts. */
function HoursFields({ sending: { state, textOf }, stored }: HoursFieldsProps) {
  const { isPlain } = useWorkspace();
  const first = stored ?? {
    from: "22:00",
    to: "07:00",
    timeZone: isPlain ? "UTC" : readTimeZone(),
  };
  return (
    <div className="hidden grid-cols-2 gap-3 group-has-checked:grid max-sm:*:last:col-span-2 sm:grid-cols-[1fr_1fr_2fr]">
      {FIELDS.map(({ name, label, key, type }) => (
        <Field key={name} label={label} error={state.problems[name]}>
          {(wiring) => (
            <Input
              {...wiring}
              name={name}
              type={type}
              maxLength={60}
              defaultValue={textOf(name, first[key])}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
