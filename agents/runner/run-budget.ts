import {
  isLimited,
  type Ledger,
  overspending,
  type Refusal,
  reserve,
  type RunLimits,
  settleCall,
  type Spending,
} from "#/agents/engine/budget.ts";
import type { BudgetPort } from "#/agents/steps/task.ts";

/** The budget that the calls of one invocation are reserved from. */
export interface RunBudget extends BudgetPort {
  /** True if the database keeps the budget, where watchers read what is set aside. */
  readonly isShared: boolean;
  /** Limits that somebody has raised since the last call; they are stored with the superstep. */
  readonly takeRaised: () => RunLimits | undefined;
}

export interface OwnLimits extends RunLimits {
  readonly onLimit: "fail" | "ask";
  readonly askTimeout?: string | undefined;
}

/** The budget of a run that nobody else spends for: what it has used and may use is in memory, and no call costs a round trip. */
export class OwnBudget implements RunBudget {
  readonly isShared = false;
  #ledger: Ledger;
  #limits: OwnLimits;
  #raised: RunLimits | undefined;

  constructor(used: Spending, limits: OwnLimits) {
    this.#ledger = { used, reserved: {} };
    this.#limits = limits;
  }

  takeRaised(): RunLimits | undefined {
    const raised = this.#raised;
    this.#raised = undefined;
    return raised;
  }

  async raise(_refusal: Refusal, limits: RunLimits): Promise<void> {
    const higher = raiseLimits(this.#limits, limits);
    this.#raised = { ...this.#raised, ...higher };
    this.#limits = { ...this.#limits, ...higher };
  }

  async reserve(key: string, asked: Spending): Promise<Refusal | "granted" | undefined> {
    const over = overspending(this.#ledger, asked, this.#limits);
    const { onLimit, askTimeout } = this.#limits;
    if (over) return { ...over, onLimit, askTimeout };
    this.#ledger = reserve(this.#ledger, key, asked);
    return isLimited(this.#limits) ? "granted" : undefined;
  }

  settle(key: string, spent: Spending): void {
    this.#ledger = settleCall(this.#ledger, key, spent);
  }
}

/** Several calls that waited for one answer bring it, each of them: nothing is lowered by one that comes late. */
function raiseLimits(limits: RunLimits, { maxTokens, maxCostUsd }: RunLimits): RunLimits {
  return {
    ...(maxTokens !== undefined && { maxTokens: Math.max(maxTokens, limits.maxTokens ?? 0) }),
    ...(maxCostUsd !== undefined && { maxCostUsd: Math.max(maxCostUsd, limits.maxCostUsd ?? 0) }),
  };
}

export interface SharedBudget {
  readonly reserve: (
    ask: Spending & { readonly key: string },
  ) => Promise<Refusal | "lost" | "granted" | undefined>;
  readonly raise: (runId: string, limits: RunLimits) => Promise<void>;
}

/**
 * The budget that a run shares with its child runs, its ancestors and theirs, or with the whole workspace for a monthly limit. The database keeps it, and
 * knows by the journal and the log what a call has used.
 */
export function shareBudget(runId: string, budget: SharedBudget): RunBudget {
  return {
    isShared: true,
    takeRaised: () => undefined,
    // At once: it counts for the others too.
    raise: (refusal, limits) => budget.raise(refusal.runId ?? runId, limits),
    reserve: (key, asked) => budget.reserve({ key, ...asked }),
    settle: () => undefined,
  };
}
