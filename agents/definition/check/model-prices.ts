/** US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** Of input that the provider still had; as other input where it is not given. */
  readonly cachedInput?: number | undefined;
}

export type ModelPrices = Readonly<Record<string, ModelPrice>>;

/**
 * US dollars per million tokens, list prices of the makers. Matched by the longest name that the model id, without
 * the maker's, begins with; so dated and tagged variants are covered. Later prices, and those of other models, come from `LLM_PRICES`.
 */
const PRICES: ModelPrices = {
  "gpt-4.1": { input: 2, output: 8 },
  "gpt-4.1-mini": { input: 0.4, output: 1.6 },
  "gpt-4.1-nano": { input: 0.1, output: 0.4 },
  "gpt-4o": { input: 2.5, output: 10 },
  "gpt-4o-mini": { input: 0.15, output: 0.6 },
  "gpt-5": { input: 1.25, output: 10 },
  "gpt-5-mini": { input: 0.25, output: 2 },
  "gpt-5-nano": { input: 0.05, output: 0.4 },
  o3: { input: 2, output: 8 },
  "o4-mini": { input: 1.1, output: 4.4 },
  "claude-3-5-haiku": { input: 0.8, output: 4 },
  "claude-haiku-4": { input: 1, output: 5 },
  "claude-sonnet-4": { input: 3, output: 15 },
  "claude-opus-4": { input: 15, output: 75 },
  "claude-opus-4-5": { input: 5, output: 25 },
  "claude-opus-4.5": { input: 5, output: 25 },
  "gemini-2.0-flash": { input: 0.1, output: 0.4 },
  "gemini-2.5-flash": { input: 0.3, output: 2.5 },
  "gemini-2.5-flash-lite": { input: 0.1, output: 0.4 },
  "gemini-2.5-pro": { input: 1.25, output: 10 },
  "mistral-large": { input: 2, output: 6 },
  "mistral-small": { input: 0.1, output: 0.3 },
  "deepseek-chat": { input: 0.28, output: 0.42 },
  "text-embedding-3-small": { input: 0.02, output: 0 },
  "text-embedding-3-large": { input: 0.13, output: 0 },
};

/** The endings that may follow a known name: a version, a date, a tag. */
const VARIANT = /^[-.:@]/;

/** Returns the price of a model, own prices before those of the list; undefined where nobody knows it. */
export function findPrice(modelId: string, own: ModelPrices = {}): ModelPrice | undefined {
  const name =
    modelId
      .replace(/^gateway:/, "")
      .split("/")
      .at(-1) ?? "";
  return own[modelId] ?? closest(name, own) ?? closest(name, PRICES);
}

function closest(name: string, prices: ModelPrices): ModelPrice | undefined {
  const known = Object.keys(prices).filter(
    (prefix) => name === prefix || (name.startsWith(prefix) && VARIANT.test(name.slice(prefix.length))),
  );
  const [longest] = known.toSorted((one, other) => other.length - one.length);
  return longest === undefined ? undefined : prices[longest];
}
