import { Check, RotateCw } from "#/app/_ui/icons.tsx";
import type { ReactNode } from "react";
import { Checkbox } from "#/app/_ui/field.tsx";
import { sayUsd } from "#/agents/engine/say-amount.ts";
import { formatCount } from "#/app/_ui/format.ts";
import type { ForkAccount } from "./fork-account.ts";

interface ForkStatementProps {
  readonly account: ForkAccount;
  readonly titleOf: (step: string) => string;
  readonly reuse: boolean;
  readonly onReuse: (reuse: boolean) => void;
}

/** Shows what a fork takes over, what it does anew, and what of that may be paid for again. */
export function ForkStatement({
  account: { kept, again, tokens, costUsd },
  titleOf,
  reuse,
  onReuse,
}: ForkStatementProps) {
  const spent = tokens > 0 ? ` This saves ${formatCount(tokens)} tokens (${sayUsd(costUsd)}).` : "";
  return (
    <section
      aria-label="What is reused"
      className="flex flex-col gap-1.5 rounded-md border border-border bg-muted/50 px-3.5 py-2.5"
    >
      <Line icon={<Check aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />}>
        {kept.length === 0 ? (
          "Nothing is reused: this was the first step."
        ) : (
          <>
            <Names steps={kept} titleOf={titleOf} /> {kept.length === 1 ? "is" : "are"} reused.{spent}
          </>
        )}
      </Line>
      <Line icon={<RotateCw aria-hidden className="mt-0.5 size-4 shrink-0 text-info" />}>
        <Names steps={again} titleOf={titleOf} /> and everything after {again.length === 1 ? "it" : "them"}{" "}
        will run again.
      </Line>
      <Checkbox checked={reuse} onChange={({ target }) => onReuse(target.checked)}>
        Reuse this run’s results for identical model and tool calls, at no cost
      </Checkbox>
    </section>
  );
}

function Line({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <p className="flex gap-2.5">
      {icon}
      <span className="min-w-0">{children}</span>
    </p>
  );
}

const SHOWN_NAMES = 6;

function Names({
  steps,
  titleOf,
}: {
  readonly steps: readonly string[];
  readonly titleOf: (step: string) => string;
}) {
  const rest = steps.length - SHOWN_NAMES;
  return (
    <strong className="font-medium">
      {steps.slice(0, SHOWN_NAMES).map(titleOf).join(", ")}
      {rest > 0 && ` and ${rest} more`}
    </strong>
  );
}
