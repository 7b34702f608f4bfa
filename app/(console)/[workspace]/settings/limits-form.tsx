"use client";
import { Button } from "#/app/_ui/button.tsx";
import { Field, Input, Select } from "#/app/_ui/field.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { LimitsAndUsage } from "#/operations/limits/contract.ts";
import { useStoreLimits } from "../_data/limits.ts";
import { ActionForm, FormMessage } from "../_form/action-form.tsx";
import { useFormAction } from "../_form/use-form-action.ts";
import { saveLimits } from "./actions.ts";

type Limits = LimitsAndUsage["limits"];

const FIELDS: readonly {
  readonly name: string;
  readonly label: string;
  readonly stored: (limits: Limits) => number | undefined;
}[] = [
  { name: "monthly.maxTokens", label: "Tokens per month", stored: ({ monthly }) => monthly?.maxTokens },
  { name: "monthly.maxCostUsd", label: "US dollars per month", stored: ({ monthly }) => monthly?.maxCostUsd },
  { name: "concurrency", label: "Concurrent deliveries", stored: ({ concurrency }) => concurrency },
  {
    name: "startsPerMinute",
    label: "Run starts per minute",
    stored: ({ startsPerMinute }) => startsPerMinute,
  },
  {
    name: "askAboveUsd",
    label: "Ask before runs above (US dollars)",
    stored: ({ askAboveUsd }) => askAboveUsd,
  },
];

type OnLimit = NonNullable<NonNullable<Limits["monthly"]>["onLimit"]>;
const ON_LIMIT: Readonly<Record<OnLimit, string>> = {
  ask: "Ask in the inbox: raise or stop",
  fail: "Fail the run",
};
const ON_LIMIT_NAME = "monthly.onLimit";

/** Changes the limits of the workspace. An empty field is no limit. */
export function LimitsForm({ limits }: { readonly limits: Limits }) {
  const store = useStoreLimits();
  const sending = useFormAction(saveLimits, {
    place: "settings#limits",
    onDone: (answer) => {
      store(answer);
      toast.success("Limits saved");
    },
  });
  const { state, textOf } = sending;
  return (
    <ActionForm sending={sending}>
      <div className="grid gap-3 sm:grid-cols-2">
        {FIELDS.map(({ name, label, stored }) => (
          <Field key={name} label={label} optional error={state.problems[name]}>
            {(wiring) => (
              <Input
                {...wiring}
                name={name}
                inputMode="decimal"
                autoComplete="off"
                maxLength={40}
                defaultValue={textOf(name, stored(limits))}
              />
            )}
          </Field>
        ))}
        <Field label="At a monthly limit" error={state.problems[ON_LIMIT_NAME]}>
          {(wiring) => (
            <Select
              {...wiring}
              name={ON_LIMIT_NAME}
              defaultValue={textOf(ON_LIMIT_NAME, limits.monthly?.onLimit ?? "ask")}
            >
              {Object.entries(ON_LIMIT).map(([choice, label]) => (
                <option key={choice} value={choice}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div className="mt-3 flex flex-wrap items-center justify-end gap-3">
        <FormMessage sending={sending} done="Limits saved" />
        <Button type="submit" pending={sending.isPending}>
          Save limits
        </Button>
      </div>
    </ActionForm>
  );
}
