import { UNPRICED_USD } from "#/agents/engine/budget.ts";
import type { Run, RunEstimate } from "#/operations/runs/contract.ts";
import type { LiveTask } from "./live-tasks.ts";

/** One thing that a run uses up, dollars or tokens, held against its limit. */
export interface Meter {
  readonly spent: number;
  /** The most that calls under way may use. Undefined where one of them has no known price. */
  readonly aside: number | undefined;
  readonly limit: number | undefined;
  /** The usual use of the workflow's runs: half of them use no more than the first, nine of ten no more than the second. */
  readonly usual: readonly [number, number] | undefined;
}

export interface Meters {
  readonly cost: Meter;
  readonly tokens: Meter;
}

type Accounted = Pick<Run, "account" | "finishedAt">;

/** Adds up what a run has spent and what is set aside, by the database for a shared budget and by its live output for its own. */
export function readMeters(
  { account, finishedAt }: Accounted,
  live: readonly LiveTask[],
  estimate: RunEstimate | undefined,
): Meters {
  const { spent, aside, limits } = account;
  const calls = finishedAt === null ? live.flatMap((task) => task.aside ?? []) : [];
  const costAside = calls.reduce((sum, { costUsd }) => sum + costUsd, aside.costUsd);
  return {
    cost: {
      spent: spent.costUsd,
      aside: costAside >= UNPRICED_USD ? undefined : costAside,
      limit: limits.maxCostUsd,
      usual: usualOf(estimate, "costUsd"),
    },
    tokens: {
      spent: spent.tokens,
      aside: calls.reduce((sum, { tokens }) => sum + tokens, aside.tokens),
      limit: limits.maxTokens,
      usual: usualOf(estimate, "tokens"),
    },
  };
}

function usualOf(
  estimate: RunEstimate | undefined,
  of: "costUsd" | "tokens",
): readonly [number, number] | undefined {
  return estimate?.typical && estimate.high ? [estimate.typical[of], estimate.high[of]] : undefined;
}

/** The parts of a meter's bar, from 0 to 1: against the limit, else against what is usual. Nothing to hold it against: no bar. */
export function scaleMeter({ spent, aside = 0, limit, usual }: Meter) {
  const whole = limit ?? (usual && Math.max(usual[1], spent + aside));
  if (whole === undefined || whole <= 0) return undefined;
  const part = (value: number) => Math.min(1, value / whole);
  const spentPart = part(spent);
  return {
    spent: spentPart,
    aside: part(spent + aside) - spentPart,
    usual: usual && usual[0] > 0 && usual[0] < whole ? part(usual[0]) : undefined,
  };
}
