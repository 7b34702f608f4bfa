"use client";
import { Checkbox } from "#/app/_ui/field.tsx";
import { sayUsd } from "#/agents/engine/say-amount.ts";
import { formatCount } from "#/app/_ui/format.ts";
import { Notice } from "#/app/_ui/notice.tsx";
import type { RunEstimate } from "#/operations/runs/contract.ts";

interface EstimateProps {
  readonly estimate: RunEstimate | undefined;
  readonly consent: boolean;
  readonly onConsent: (consent: boolean) => void;
}

/** The likely cost of a run, and the question whether it may where the workspace asks. */
export function EstimateLine({ estimate, consent, onConsent }: EstimateProps) {
  if (!estimate) return null;
  const text = estimateText(estimate);
  if (!estimate.needsConsent) return <p className="text-xs text-muted-foreground">{text}</p>;
  return (
    <Notice
      tone="warn"
      title={`This may cost more than ${sayUsd(estimate.askAboveUsd ?? 0)}`}
      actions={
        <Checkbox checked={consent} onChange={({ target }) => onConsent(target.checked)}>
          Start all the same
        </Checkbox>
      }
    >
      {text}
    </Notice>
  );
}

/** Estimates the cost of so many runs together; consent is asked for once for all of them. */
export function estimateTogether(estimate: RunEstimate, count: number): RunEstimate {
  const times = (used: RunEstimate["high"]) =>
    used && { tokens: used.tokens * count, costUsd: used.costUsd * count };
  const high = times(estimate.high);
  const needsConsent = estimate.askAboveUsd !== null && (high?.costUsd ?? 0) > estimate.askAboveUsd;
  return { ...estimate, typical: times(estimate.typical), high, needsConsent };
}

function estimateText({ runs, typical, high }: RunEstimate): string {
  if (!typical || !high) return "No run has finished yet, so its cost can’t be estimated.";
  const range =
    typical.costUsd === high.costUsd
      ? sayUsd(typical.costUsd)
      : `${sayUsd(typical.costUsd)} to ${sayUsd(high.costUsd)}`;
  const basis = runs === 1 ? "the last run" : `the last ${runs} runs`;
  return `Likely cost: ${range}, about ${formatCount(typical.tokens)} tokens, by ${basis}.`;
}
