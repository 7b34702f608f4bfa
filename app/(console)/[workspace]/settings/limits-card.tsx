"use client";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { LimitsAndUsage } from "#/operations/limits/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { Field, Input, Select } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { formatCost, formatCount } from "#/app/_ui/format.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { ProgressBar } from "#/app/_ui/progress-bar.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useChangeLimits, useLimits } from "../_data/limits.ts";

/** Shows what the workspace has used this month, and how much it may. */
export function LimitsCard({ allowed }: { readonly allowed: boolean }) {
  const { data, error, isPending, refetch } = useLimits();
  return (
    <Card id="limits" aria-label="Usage and limits">
      <CardHeader
        title="Usage and limits"
        description="Leave a field empty for no limit. A model call that could exceed a monthly limit is not made before somebody raises it."
      />
      {isPending && <SkeletonRows rows={3} />}
      {!isPending && !data && <LoadProblem what="limits" error={error} onRetry={() => void refetch()} />}
      {data && (
        <div className="flex flex-col gap-4 p-4">
          <Used
            what="Tokens this month"
            used={data.month.tokens}
            most={data.limits.monthly?.maxTokens}
            format={formatCount}
          />
          <Used
            what="Cost this month"
            used={data.month.costUsd}
            most={data.limits.monthly?.maxCostUsd}
            format={formatCost}
          />
          {allowed ? (
            <LimitsForm limits={data.limits} />
          ) : (
            <p className="text-muted-foreground">Only admins can change limits.</p>
          )}
        </div>
      )}
    </Card>
  );
}

interface UsedProps {
  readonly what: string;
  readonly used: number;
  readonly most: number | undefined;
  readonly format: (value: number) => string;
}

function Used({ what, used, most, format }: UsedProps) {
  return (
    <div className="flex flex-col gap-1">
      <p className="flex justify-between gap-3 text-sm">
        <span>{what}</span>
        <span className="text-muted-foreground">
          {most === undefined ? format(used) : `${format(used)} of ${format(most)}`}
        </span>
      </p>
      {most !== undefined && most > 0 && <ProgressBar label={what} part={Math.min(1, used / most)} />}
    </div>
  );
}

const FIELDS = [
  { key: "maxTokens", label: "Tokens per month" },
  { key: "maxCostUsd", label: "US dollars per month" },
  { key: "concurrency", label: "Concurrent deliveries" },
  { key: "startsPerMinute", label: "Run starts per minute" },
  { key: "askAboveUsd", label: "Ask before runs above (US dollars)" },
] as const;
type Key = (typeof FIELDS)[number]["key"];

type OnLimit = NonNullable<NonNullable<LimitsAndUsage["limits"]["monthly"]>["onLimit"]>;
const ON_LIMIT: Readonly<Record<OnLimit, string>> = {
  ask: "Ask in the inbox: raise or stop",
  fail: "Fail the run",
};

/** An empty field is no limit. */
function toLimits(readValue: (key: Key) => number | undefined, onLimit: OnLimit) {
  const monthly = {
    ...(readValue("maxTokens") !== undefined && { maxTokens: readValue("maxTokens") }),
    ...(readValue("maxCostUsd") !== undefined && { maxCostUsd: readValue("maxCostUsd") }),
  };
  return {
    concurrency: readValue("concurrency") ?? null,
    startsPerMinute: readValue("startsPerMinute") ?? null,
    askAboveUsd: readValue("askAboveUsd") ?? null,
    monthly: Object.keys(monthly).length > 0 ? { ...monthly, onLimit } : null,
  };
}

const flatten = ({
  monthly,
  concurrency,
  startsPerMinute,
  askAboveUsd,
}: LimitsAndUsage["limits"]): Readonly<Record<Key, number | undefined>> => ({
  maxTokens: monthly?.maxTokens,
  maxCostUsd: monthly?.maxCostUsd,
  concurrency,
  startsPerMinute,
  askAboveUsd,
});

function LimitsForm({ limits }: Pick<LimitsAndUsage, "limits">) {
  const stored = flatten(limits);
  const [texts, setTexts] = useState<Partial<Record<Key, string>>>({});
  const [chosen, setChosen] = useState<OnLimit>();
  const onLimit = chosen ?? limits.monthly?.onLimit ?? "ask";
  const change = useChangeLimits();
  const writeLimit = (key: Key) => texts[key] ?? String(stored[key] ?? "");
  const readValue = (key: Key) => (writeLimit(key).trim() === "" ? undefined : Number(writeLimit(key)));
  const save = () => {
    change.mutate(toLimits(readValue, onLimit), {
      onSuccess: () => {
        setTexts({});
        setChosen(undefined);
        toast.success("Limits saved");
      },
    });
  };
  return (
    <Form onSubmit={save}>
      <div className="grid gap-3 sm:grid-cols-2">
        {FIELDS.map(({ key, label }) => (
          <Field key={key} label={label} optional>
            {(wiring) => (
              <Input
                {...wiring}
                type="number"
                min="0"
                step="any"
                inputMode="decimal"
                value={writeLimit(key)}
                onChange={({ target }) => setTexts({ ...texts, [key]: target.value })}
              />
            )}
          </Field>
        ))}
        <OnLimitField value={onLimit} onChange={setChosen} />
      </div>
      {change.error && (
        <p role="alert" className="mt-2 text-sm text-bad">
          {describeError(change.error)}
        </p>
      )}
      <div className="mt-3 flex justify-end">
        <Button
          type="submit"
          pending={change.isPending}
          disabled={Object.keys(texts).length === 0 && chosen === undefined}
        >
          Save limits
        </Button>
      </div>
    </Form>
  );
}

interface OnLimitFieldProps {
  readonly value: OnLimit;
  readonly onChange: (value: OnLimit) => void;
}

function OnLimitField({ value, onChange }: OnLimitFieldProps) {
  return (
    <Field label="At a monthly limit">
      {(wiring) => (
        <Select
          {...wiring}
          value={value}
          onChange={({ target }) => onChange(target.value === "fail" ? "fail" : "ask")}
        >
          {Object.entries(ON_LIMIT).map(([choice, label]) => (
            <option key={choice} value={choice}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
