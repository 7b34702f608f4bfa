import type { LanguageModelUsage } from "ai";
import type { ModelPrice } from "#/agents/definition/check/model-prices.ts";
import { countFileTokens } from "#/agents/models/call-file.ts";
import { type Spending, UNPRICED_USD } from "#/agents/engine/budget.ts";
import { sumUsd, toUsd } from "#/agents/engine/usd.ts";
import type { PricedRequest, TurnRequest } from "#/agents/models/turn.ts";
import type { Asking, ModelUse } from "#/agents/steps/task.ts";

/** Nobody can say beforehand how long an answer will be; a step that knows says `maxOutputTokens`. */
const LONGEST_ANSWER_TOKENS = 4096;
const CHARACTERS_A_TOKEN = 4;
/** Code and JSON have fewer characters in a token than prose. Texts without words, such as hashes, can have still fewer: counting for them would refuse others for nothing. */
const LEAST_CHARACTERS_A_TOKEN = 3;
/** Stands after the model's name where nobody counted. */
const ESTIMATED = " (tokens estimated)";

/** Estimates the most that a call may use. */
export function estimateCall(request: PricedRequest): Spending {
  const { price, maxOutputTokens } = boundAnswer(request);
  const asked = countMost(writeAsked(request)) + countFiles(request);
  return {
    tokens: asked + maxOutputTokens,
    costUsd: price
      ? computeCost(price, { inputTokens: asked, cachedTokens: 0, outputTokens: maxOutputTokens })
      : UNPRICED_USD,
  };
}

/** Gives a request the longest answer that is set aside for it. Sent where a limit watches, so that no answer is longer than was set aside. */
export const boundAnswer = <R extends TurnRequest>(request: R): R & { readonly maxOutputTokens: number } => ({
  ...request,
  maxOutputTokens: request.maxOutputTokens ?? LONGEST_ANSWER_TOKENS,
});

/** Counts the most tokens that prose, code and JSON come to; outside ASCII a token has a byte at least. */
function countMost(text: string): number {
  const others = text.replaceAll(/\p{ASCII}+/gu, "");
  return (
    Math.ceil((text.length - others.length) / LEAST_CHARACTERS_A_TOKEN) +
    new TextEncoder().encode(others).length
  );
}

/** Reads the usage that the provider has counted, or estimates it from the texts, and marks it so, where it has counted nothing. Thinking is counted as output by every provider. */
export function useOfCall(
  { ports }: Asking,
  request: PricedRequest,
  { usage, answered }: { readonly usage: Partial<LanguageModelUsage>; readonly answered: string },
): ModelUse {
  const counted = readCounts(usage, answered);
  const isCounted = counted.inputTokens !== undefined && counted.outputTokens !== undefined;
  const inputTokens = counted.inputTokens ?? askedTokens(request);
  const outputTokens = counted.outputTokens ?? Math.ceil(answered.length / CHARACTERS_A_TOKEN);
  const name = ports.models.nameOf(request.model);
  const cachedTokens = Math.min(usage.inputTokenDetails?.cacheReadTokens ?? 0, inputTokens);
  return {
    model: isCounted ? name : `${name}${ESTIMATED}`,
    inputTokens,
    outputTokens,
    costUsd: computeCost(request.price, { inputTokens, cachedTokens, outputTokens }),
  };
}

/** Proxies that speak a maker's wire for another's models send zeros where they have counted nothing: no call reads nothing, and a text is not of no tokens. */
function readCounts(
  { inputTokens, outputTokens }: Partial<LanguageModelUsage>,
  answered: string,
): Pick<Partial<LanguageModelUsage>, "inputTokens" | "outputTokens"> {
  const isEmpty = outputTokens === 0 && answered !== "";
  return {
    inputTokens: inputTokens === 0 ? undefined : inputTokens,
    outputTokens: isEmpty ? undefined : outputTokens,
  };
}

interface Counted {
  readonly inputTokens: number;
  /** Of the input. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** Computes what a call costs; nothing where nobody knows the price. */
export function computeCost(
  price: ModelPrice | undefined,
  { inputTokens, cachedTokens, outputTokens }: Counted,
): number {
  if (!price) return 0;
  const { input, output, cachedInput = input } = price;
  return toUsd(
    ((inputTokens - cachedTokens) * input + cachedTokens * cachedInput + outputTokens * output) / 1e6,
  );
}

/** Returns the model of a call as the log names it, without the mark of an estimate. */
export const modelOfUse = ({ model }: Pick<ModelUse, "model">): string =>
  model.endsWith(ESTIMATED) ? model.slice(0, -ESTIMATED.length) : model;

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

const askedTokens = (request: PricedRequest): number =>
  Math.ceil(writeAsked(request).length / CHARACTERS_A_TOKEN) + countFiles(request);

const countFiles = ({ files = [], fileBytes }: PricedRequest): number =>
  files.reduce(
    (sum, { contentType, sha256 }) =>
      sum + countFileTokens(contentType, fileBytes.get(sha256) ?? new Uint8Array()),
    0,
  );

/** Everything that a model is given to read, tools with their schemas. */
const writeAsked = ({ instructions, messages, tools = {}, outputSchema }: TurnRequest): string =>
  JSON.stringify([instructions, messages, tools, outputSchema]);
