import { sumUsd } from "#/agents/engine/usd.ts";

/** The most that a run may use. Absent means no limit. */
export interface RunLimits {
  readonly maxTokens?: number | undefined;
  readonly maxCostUsd?: number | undefined;
}

/** Tells whether anything is limited. */
export const isLimited = (limits: RunLimits | undefined): boolean =>
  limits?.maxTokens !== undefined || limits?.maxCostUsd !== undefined;

/** The tokens and dollars that a call uses, or may use at most. */
export interface Spending {
  readonly tokens: number;
  readonly costUsd: number;
}

/** Set aside where no price is known: more than any limit, so that a limit in dollars stops the call instead of letting it pass as free. */
export const UNPRICED_USD = 1e9;

/** Why a call may not be made. */
export interface Overspending {
  /** Whose limit it is: ancestor is a run through which this one was started. */
  readonly scope: "run" | "ancestor" | "workspace" | "workflow";
  readonly limit: "maxTokens" | "maxCostUsd";
  readonly most: number;
  readonly used: number;
}

/** An answer to whoever wants to make a call. */
export interface Refusal extends Overspending {
  /** The consequence that its limits name. */
  readonly onLimit: "fail" | "ask";
  /** A question that nobody has answered for so long is answered by stopping. */
  readonly askTimeout?: string | undefined;
  /** The run whose limit it is, where it may be another one than the one that asks. */
  readonly runId?: string | undefined;
}

export const BUDGET_LIMITS = ["maxTokens", "maxCostUsd"] as const;
const OWNERS = ["run", "workflow", "workspace"] as const;

/** One limit of one run, of the workspace's month or of a workflow's. Everybody who hits it waits for one answer. */
export interface Budget {
  readonly of: (typeof OWNERS)[number];
  /** Of the run or the workflow. */
  readonly id: string | undefined;
  readonly limit: (typeof BUDGET_LIMITS)[number];
}

/** Names a budget, as its waits and its question do. */
export const nameBudget = ({ of, id, limit }: Budget): string =>
  id === undefined ? `${of}:${limit}` : `${of}:${id}:${limit}`;

/** Returns the run that a budget belongs to. */
export const runOf = (budget: Budget | undefined): string | undefined =>
  budget?.of === "run" ? budget.id : undefined;

/** @returns undefined for what names no budget */
export function parseBudget(name: string | null): Budget | undefined {
  const parts = name?.split(":") ?? [];
  const of = OWNERS.find((owner) => owner === parts[0]);
  const limit = BUDGET_LIMITS.find((one) => one === parts.at(-1));
  const isWhole = parts.length === (of === "workspace" ? 2 : 3);
  return of && limit && isWhole ? { of, id: parts.length === 3 ? parts[1] : undefined, limit } : undefined;
}

/** The account of a run: what it has used, and what calls under way may use at most, by their keys. */
export interface Ledger {
  readonly used: Spending;
  readonly reserved: Readonly<Record<string, Spending>>;
}

/** Everything that is spoken for. */
function spokenFor({ used, reserved }: Ledger): Spending {
  return Object.values(reserved).reduce(
    (sum, one) => ({ tokens: sum.tokens + one.tokens, costUsd: sumUsd(sum.costUsd, one.costUsd) }),
    used,
  );
}

/** Checks whether a call may be made on top of everything that is spoken for. @returns what is in the way */
export function overspending(ledger: Ledger, asked: Spending, limits: RunLimits): Overspending | undefined {
  const { tokens, costUsd } = spokenFor(ledger);
  if (limits.maxTokens !== undefined && tokens + asked.tokens > limits.maxTokens)
    return { scope: "run", limit: "maxTokens", most: limits.maxTokens, used: tokens };
  if (limits.maxCostUsd !== undefined && sumUsd(costUsd, asked.costUsd) > limits.maxCostUsd)
    return { scope: "run", limit: "maxCostUsd", most: limits.maxCostUsd, used: costUsd };
  return undefined;
}

export function reserve(ledger: Ledger, key: string, asked: Spending): Ledger {
  return { ...ledger, reserved: { ...ledger.reserved, [key]: asked } };
}

/** The call is over: what it used counts, what was set aside for it is free. */
export function settleCall({ used, reserved }: Ledger, key: string, spent: Spending): Ledger {
  const { [key]: _over, ...others } = reserved;
  return {
    used: { tokens: used.tokens + spent.tokens, costUsd: sumUsd(used.costUsd, spent.costUsd) },
    reserved: others,
  };
}
