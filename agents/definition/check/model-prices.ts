/** US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  /** Thinking is output too. */
  readonly output: number;
  /** Of input that the provider still had; as other input where it is not given. */
  readonly cachedInput?: number | undefined;
}

/** A price from a day (UTC) on, `2025-08-07`, until the next one of the same model. */
export interface DatedPrice extends ModelPrice {
  /** A model as definitions name it, `ollama/qwen3`, or a name without a maker's that covers it at every maker. */
  readonly model: string;
  readonly since: string;
}

/** The prices of one day. Plain data: editors in the browser check with it. */
export interface PriceList {
  /** By names of models. */
  readonly prices: Readonly<Record<string, ModelPrice>>;
  /** Connections that stand for a model where a step names no other. */
  readonly usualModels: Readonly<Record<string, string>>;
}

/**
 * The endings that may follow a known name: a date, a build, a tag. A model of another size or version has a price of its own: gpt-5-pro costs
 * twelve times what gpt-5 does, and a limit in dollars would not hold.
 */
const VARIANT = /^(?:[-@](?:latest|preview|exp|v\d|\d{2,8}))*(?::.+)?$/;

/**
 * Returns the name of the list by which a model is priced: its own, or the longest that it is a dated or tagged variant of.
 * A name with its connection or maker comes before one without.
 */
export function findPricedName(modelId: string, { prices, usualModels }: PriceList): string | undefined {
  const usual = usualModels[modelId];
  const full = usual === undefined ? modelId : `${modelId}/${usual}`;
  const bare = full.replace(/^gateway:/, "");
  const names = [full, bare, bare.split("/").at(-1) ?? ""];
  return names.map((name) => findClosest(name, prices)).find((name) => name !== undefined);
}

/** Returns the price of a model; undefined where nobody knows it. */
export function findPrice(modelId: string, list: PriceList): ModelPrice | undefined {
  const name = findPricedName(modelId, list);
  return name === undefined ? undefined : list.prices[name];
}

function findClosest(name: string, prices: PriceList["prices"]): string | undefined {
  const spelled = spellOut(name);
  const known = Object.keys(prices).filter((listed) => {
    const prefix = spellOut(listed);
    return spelled.startsWith(prefix) && VARIANT.test(spelled.slice(prefix.length));
  });
  // Of two spellings of one model the later is meant: it is the workspace's.
  return known.toSorted((one, other) => one.length - other.length).at(-1);
}

/** Gateways write claude-opus-4.5 where the maker writes claude-opus-4-5. */
const spellOut = (name: string) => name.replaceAll(".", "-");

/** Returns the prices that hold on a day, by their names. @param layers the later one's prices come before those of the ones before it, whatever their days */
export function pricesOn<Price extends DatedPrice>(
  day: string,
  layers: readonly (readonly Price[])[],
): ReadonlyMap<string, Price> {
  const begun = layers.flatMap((layer) =>
    layer.filter(({ since }) => since <= day).toSorted((one, other) => one.since.localeCompare(other.since)),
  );
  return new Map(begun.map((price) => [price.model, price]));
}
