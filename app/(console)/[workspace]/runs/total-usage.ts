import type { Run } from "#/operations/runs/contract.ts";

type Paid = Pick<Run["usage"], "inputTokens" | "outputTokens" | "costUsd">;

const NOTHING: Paid = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** Adds up what a run and the ended runs that it has started have paid for. */
export function totalUsage({ children = NOTHING, ...own }: Run["usage"]): Paid {
  return {
    inputTokens: own.inputTokens + children.inputTokens,
    outputTokens: own.outputTokens + children.outputTokens,
    costUsd: own.costUsd + children.costUsd,
  };
}
