import { type Ledger, overspending, type Overspending, reserve, type RunLimits, settleCall, type Spending } from "#/agents/engine/budget.ts";

export interface PurseOptions {
  readonly used: Spending;
  readonly limits: RunLimits;
  /** Asks for a month's limits, where there are any. */
  readonly monthly: ((ask: Spending & { readonly key: string }) => Promise<Overspending | undefined>) | undefined;
}

/** What an invocation may spend: the run's own limits in memory, because nobody else spends for the run; a month's in the database. */
export class Purse {
  readonly #monthly: PurseOptions["monthly"];
  #ledger: Ledger;
  #limits: RunLimits;
  #raised: RunLimits | undefined;

  constructor({ used, limits, monthly }: PurseOptions) {
    this.#ledger = { used, reserved: {} };
    this.#limits = limits;
    this.#monthly = monthly;
  }

  /** Limits that somebody has raised since the last call; they are stored with the superstep. */
  takeRaised(): RunLimits | undefined {
    const raised = this.#raised;
    this.#raised = undefined;
    return raised;
  }

  raise(limits: RunLimits): void {
    this.#raised = { ...this.#raised, ...limits };
    this.#limits = { ...this.#limits, ...limits };
  }

  /** Sets aside what a call may cost. @returns what is in the way */
  async reserve(key: string, asked: Spending): Promise<Overspending | undefined> {
    const over = overspending(this.#ledger, asked, this.#limits);
    if (over) return over;
    this.#ledger = reserve(this.#ledger, key, asked);
    const overMonth = await this.#monthly?.({ key, ...asked });
    if (overMonth) this.settle(key, { tokens: 0, costUsd: 0 });
    return overMonth;
  }

  settle(key: string, spent: Spending): void {
    this.#ledger = settleCall(this.#ledger, key, spent);
  }
}
