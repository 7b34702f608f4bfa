"use client";
import { useState } from "react";
import { Field, Input } from "#/app/_ui/field.tsx";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { nextFires, type Recurrence, recurrenceProblem } from "#/lib/cron.ts";

interface RecurrenceFieldsProps {
  readonly recurrence: Recurrence;
  /** The server's words about cron and timezone. */
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (recurrence: Recurrence) => void;
}

const PRESETS = [
  { label: "Every 5 minutes", cron: "*/5 * * * *" },
  { label: "Every hour", cron: "0 * * * *" },
  { label: "Weekdays at 9:00", cron: "0 9 * * 1-5" },
  { label: "Mondays at 8:00", cron: "0 8 * * 1" },
  { label: "First of the month", cron: "0 6 1 * *" },
] as const;

/** The fields for a cron expression in a time zone, with what it means. */
export function RecurrenceFields({ recurrence, errors, onChange }: RecurrenceFieldsProps) {
  const { isPlain } = useWorkspace();
  const { cron, timezone } = recurrence;
  const problem = recurrenceProblem(recurrence);
  const findError = (field: "cron" | "timezone") =>
    problem?.field === field ? problem.message : errors[field];
  return (
    <>
      <div className="grid gap-3.5 sm:grid-cols-2">
        <Field
          label="When (cron)"
          hint="minute hour day-of-month month day-of-week"
          error={findError("cron")}
        >
          {(wiring) => (
            <Input
              {...wiring}
              name="cron"
              className="font-mono"
              value={cron}
              onChange={({ target }) => onChange({ cron: target.value, timezone })}
            />
          )}
        </Field>
        <Field label="Time zone" error={findError("timezone")}>
          {(wiring) => (
            <Input
              {...wiring}
              name="timezone"
              list="time-zones"
              value={timezone}
              onChange={({ target }) => onChange({ cron, timezone: target.value })}
            />
          )}
        </Field>
        <datalist id="time-zones">
          {Intl.supportedValuesOf("timeZone").map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </datalist>
      </div>
      {!isPlain && <Presets recurrence={recurrence} onChange={onChange} />}
      {!isPlain && !problem && <NextTimes recurrence={recurrence} />}
    </>
  );
}

function Presets({ recurrence, onChange }: Omit<RecurrenceFieldsProps, "errors">) {
  return (
    <div className="flex flex-wrap gap-1.5">
      {PRESETS.map(({ label, cron }) => (
        <button
          key={cron}
          type="button"
          aria-pressed={cron === recurrence.cron}
          onClick={() => onChange({ ...recurrence, cron })}
          className="rounded-full border border-border px-2.5 py-0.5 text-xs touch-target hover:bg-hover aria-pressed:border-primary aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-primary contrast:aria-pressed:bg-accent contrast:aria-pressed:text-on-accent"
        >
          {label}
        </button>
      ))}
    </div>
  );
}

const SHOWN_TIMES = 3;

function NextTimes({ recurrence }: { readonly recurrence: Recurrence }) {
  const [now] = useState(() => new Date());
  const format = new Intl.DateTimeFormat("en-GB", {
    dateStyle: "full",
    timeStyle: "short",
    timeZone: recurrence.timezone,
  });
  return (
    <div className="text-xs text-muted-foreground">
      <p>The next times, in {recurrence.timezone}:</p>
      <ul className="mt-0.5">
        {nextFires(recurrence, now, SHOWN_TIMES).map((time) => (
          <li key={time.getTime()} className="text-foreground">
            {format.format(time)}
          </li>
        ))}
      </ul>
    </div>
  );
}
