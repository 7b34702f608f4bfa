import type { LanguageModelUsage } from "ai";
import type { ModelPrice } from "#/agents/definition/check/model-prices.ts";
import { type Spending, UNPRICED_USD } from "#/agents/engine/budget.ts";
import { sumUsd, toUsd } from "#/agents/engine/usd.ts";
import type { PricedRequest, TurnRequest } from "#/agents/models/turn.ts";
import type { ModelUse, Task } from "#/agents/steps/task.ts";

/** Nobody can say beforehand how long an answer will be; a step that knows says `maxOutputTokens`. */
const LONGEST_ANSWER_TOKENS = 4096;
const CHARACTERS_A_TOKEN = 4;
/** Stands after the model's name where nobody counted. */
const ESTIMATED = " (tokens estimated)";

/** Estimates the most that a call may use. */
export function estimateCall(request: PricedRequest): Spending {
  const { price, maxOutputTokens = LONGEST_ANSWER_TOKENS } = request;
  const asked = askedTokens(request);
  return {
    tokens: asked + maxOutputTokens,
    costUsd: price
      ? computeCost(price, { inputTokens: asked, cachedTokens: 0, outputTokens: maxOutputTokens })
      : UNPRICED_USD,
  };
}

/** Reads the usage that the provider has counted, or estimates it from the texts, and marks it so, where it has counted nothing. Thinking is counted as output by every provider. */
export function useOfCall(
  { ports }: Task,
  request: PricedRequest,
  { usage, answered }: { readonly usage: Partial<LanguageModelUsage>; readonly answered: string },
): ModelUse {
  const isCounted = usage.inputTokens !== undefined && usage.outputTokens !== undefined;
  const inputTokens = usage.inputTokens ?? askedTokens(request);
  const outputTokens = usage.outputTokens ?? Math.ceil(answered.length / CHARACTERS_A_TOKEN);
  const name = ports.models.nameOf(request.model);
  const cachedTokens = Math.min(usage.inputTokenDetails?.cacheReadTokens ?? 0, inputTokens);
  return {
    model: isCounted ? name : `${name}${ESTIMATED}`,
    inputTokens,
    outputTokens,
    costUsd: computeCost(request.price, { inputTokens, cachedTokens, outputTokens }),
  };
}

interface Counted {
  readonly inputTokens: number;
  /** Of the input. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

function computeCost(
  price: ModelPrice | undefined,
  { inputTokens, cachedTokens, outputTokens }: Counted,
): number {
  if (!price) return 0;
  const { input, output, cachedInput = input } = price;
  return toUsd(
    ((inputTokens - cachedTokens) * input + cachedTokens * cachedInput + outputTokens * output) / 1e6,
  );
}

/** Adds up two calls of one model. The sum is an estimate when either is. */
export function addUse(one: ModelUse, other: ModelUse | undefined): ModelUse {
  if (!other) return one;
  const { inputTokens, outputTokens, costUsd } = other;
  return {
    model: one.model.endsWith(ESTIMATED) ? one.model : other.model,
    inputTokens: one.inputTokens + inputTokens,
    outputTokens: one.outputTokens + outputTokens,
    costUsd: sumUsd(one.costUsd, costUsd),
  };
}

export function toSpending({ inputTokens, outputTokens, costUsd }: ModelUse): Spending {
  return { tokens: inputTokens + outputTokens, costUsd };
}

function askedTokens({ instructions, messages, tools, outputSchema }: TurnRequest): number {
  return Math.ceil(
    JSON.stringify([instructions, messages, Object.keys(tools ?? {}), outputSchema]).length /
      CHARACTERS_A_TOKEN,
  );
}
