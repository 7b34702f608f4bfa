import type { DatedPrice, ModelPrice } from "#/agents/definition/check/model-prices.ts";
import type { Price } from "#/operations/prices/contract.ts";
import { ALWAYS, type KnownPrices, pricesAt } from "#/operations/prices/read.ts";

export const showRates = ({ input, cachedInput, output }: ModelPrice) => ({
  input,
  cachedInput: cachedInput ?? null,
  output,
});

type Shown = Pick<Price, "id" | "source">;

/** Shows every known price; of each name the one that holds at a moment is marked. */
export function showPrices(known: KnownPrices, ms: number): Price[] {
  const holding = pricesAt(known, ms);
  const show = (price: DatedPrice, shown: Shown): Price => ({
    id: shown.id,
    model: price.model,
    since: price.since === ALWAYS ? null : price.since,
    ...showRates(price),
    source: shown.source,
    holdsToday: holding.get(price.model) === price,
  });
  return [
    ...known.workspace.map((price) => show(price, { id: price.id, source: "workspace" })),
    ...known.deployment.map((price) => show(price, { id: null, source: "deployment" })),
    ...known.list.map((price) => show(price, { id: null, source: "list" })),
  ].toSorted(byModelAndDay);
}

const byModelAndDay = (one: Price, other: Price) =>
  one.model.localeCompare(other.model) || (other.since ?? "").localeCompare(one.since ?? "");
