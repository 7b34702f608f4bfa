"use client";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { SetToolRules, Tool } from "#/operations/tools/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { Field, Input, Select } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { useSetToolRules } from "../../_data/tools.ts";

const RULES = {
  none: "As workflows say",
  auto: "Call at once",
  approve: "Ask a person first",
  when: "Ask a person when …",
  deny: "Never call",
} as const;
type Rule = keyof typeof RULES;
const isRule = (text: string): text is Rule => Object.hasOwn(RULES, text);

interface RulesDraft {
  readonly rule: Rule;
  readonly condition: string;
  readonly perMinute: string;
  readonly seconds: string;
}

/** Sets the rule and the limits by which this workspace may call the tool. */
export function ToolRules({ tool }: { readonly tool: Tool }) {
  const [draft, setDraft] = useState(() => readDraft(tool));
  const save = useSetToolRules(tool.name);
  const change = (part: Partial<RulesDraft>) => setDraft((before) => ({ ...before, ...part }));
  const submit = () =>
    save.mutate(makeRules(draft, tool), {
      onSuccess: () => toast.success("Rules saved"),
      onError: (error) => toast.error(describeError(error)),
    });
  return (
    <Card aria-label="Rules">
      <CardHeader title="Rules" description="For every workflow of the workspace. Admins set them." />
      <Form onSubmit={submit} className="flex flex-col gap-3.5 p-4">
        <Field label="When an agent calls it">
          {(wiring) => (
            <Select
              {...wiring}
              value={draft.rule}
              onChange={({ target }) => isRule(target.value) && change({ rule: target.value })}
            >
              {Object.entries(RULES).map(([rule, label]) => (
                <option key={rule} value={rule}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {draft.rule === "when" && (
          <Field label="Condition" hint="An expression over args and run, such as args.amount > 100">
            {(wiring) => (
              <Input
                {...wiring}
                value={draft.condition}
                onChange={({ target }) => change({ condition: target.value })}
              />
            )}
          </Field>
        )}
        <div className="grid gap-3.5 sm:grid-cols-2">
          <NumberField
            label="Calls a minute"
            value={draft.perMinute}
            onChange={(perMinute) => change({ perMinute })}
          />
          <NumberField
            label="Time limit in seconds"
            value={draft.seconds}
            onChange={(seconds) => change({ seconds })}
          />
        </div>
        <div>
          <Button type="submit" pending={save.isPending}>
            Save
          </Button>
        </div>
      </Form>
    </Card>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function NumberField({ label, value, onChange }: NumberFieldProps) {
  return (
    <Field label={label} optional>
      {(wiring) => (
        <Input
          {...wiring}
          type="number"
          min={1}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

function readDraft({ policy, ownLimits: { perMinute, timeoutMs } }: Tool): RulesDraft {
  return {
    rule: typeof policy === "string" ? policy : policy ? "when" : "none",
    condition: policy && typeof policy === "object" ? policy.when : "",
    perMinute: perMinute === undefined ? "" : String(perMinute),
    seconds: timeoutMs === undefined ? "" : String(timeoutMs / 1000),
  };
}

function makeRules({ rule, condition, perMinute, seconds }: RulesDraft, { ownLimits }: Tool): SetToolRules {
  const { bytes } = ownLimits;
  return {
    policy: rule === "none" ? null : rule === "when" ? { when: condition } : rule,
    limits: {
      ...(bytes !== undefined && { bytes }),
      ...(perMinute !== "" && { perMinute: Number(perMinute) }),
      ...(seconds !== "" && { timeoutMs: Math.round(Number(seconds) * 1000) }),
    },
  };
}
