import { sumUsd } from "#/agents/engine/usd.ts";

/** The usage of one run, with all that it has started. */
export interface RunCost {
  readonly tokens: number;
  readonly costUsd: number;
}

/** The sum of what runs have used of one model, as the log names it. */
export interface UsedModel {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

/** The likely usage of a run, by the runs before it. */
export interface Estimate {
  /** The number of runs that it rests on. Without any, nothing is known. */
  readonly runs: number;
  /** Half of them used no more. */
  readonly typical: RunCost | null;
  /** Nine of ten used no more. */
  readonly high: RunCost | null;
}

/** Estimates the next run of a workflow from its last ones. @param moreUsd what a token costs more by now */
export function estimateRun(past: readonly RunCost[], moreUsd = 0): Estimate {
  const costs = past.map(({ tokens, costUsd }) => ({
    tokens,
    costUsd: Math.max(0, sumUsd(costUsd, tokens * moreUsd)),
  }));
  return { runs: costs.length, typical: pickQuantile(costs, 0.5), high: pickQuantile(costs, 0.9) };
}

function pickQuantile(costs: readonly RunCost[], part: number): RunCost | null {
  const at = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.max(Math.ceil(values.length * part) - 1, 0)];
  const [tokens, costUsd] = [at(costs.map((cost) => cost.tokens)), at(costs.map((cost) => cost.costUsd))];
  return tokens === undefined || costUsd === undefined ? null : { tokens, costUsd };
}
