import { findPrice, type ModelPrice, type PriceList } from "#/agents/definition/check/model-prices.ts";
import { computeCost, modelOfUse } from "#/agents/models/model-use.ts";
import { sumUsd } from "#/agents/engine/usd.ts";
import type { UsedModel } from "#/agents/engine/estimate.ts";

/** What calls cost is rounded to billionths of a dollar, each by itself. */
const ROUNDED_USD = 1e-6;

/**
 * Returns by how much a token costs more today than it did, on average over past calls, in US dollars; 0 where today's prices explain what was paid.
 * How much of the input was cached is not known any more: a cost that some share of it explains is taken as it is.
 * @param used what past calls used, one sum for each model
 */
export function findPriceChange(used: readonly UsedModel[], today: PriceList): number {
  const tokens = used.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
  const more = used.map((use) => {
    const price = findPrice(modelOfUse(use), today);
    return price === undefined || isExplainedBy(price, use) ? 0 : computeUncached(price, use) - use.costUsd;
  });
  return tokens === 0 ? 0 : sumUsd(...more) / tokens;
}

function isExplainedBy(price: ModelPrice, use: UsedModel): boolean {
  const least = computeCost(price, { ...use, cachedTokens: use.inputTokens });
  return use.costUsd >= least - ROUNDED_USD && use.costUsd <= computeUncached(price, use) + ROUNDED_USD;
}

const computeUncached = (price: ModelPrice, use: UsedModel): number =>
  computeCost(price, { ...use, cachedTokens: 0 });
