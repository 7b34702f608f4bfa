import { findPricedName, type PriceList } from "#/agents/definition/check/model-prices.ts";
import { env } from "#/lib/env.ts";
import type { Caller } from "#/operations/caller.ts";
import type { Prices } from "#/operations/prices/contract.ts";
import { readKnownPrices, toPriceList } from "#/operations/prices/read.ts";
import { showPrices, showRates } from "#/operations/prices/show.ts";

/** Lists every price that the workspace knows, with the day since when, and what the models cost today that its steps can name. */
export async function listPrices({ tenant }: Caller): Promise<Prices> {
  const now = Date.now();
  const known = await readKnownPrices(tenant);
  const list = toPriceList(known, now);
  return {
    items: showPrices(known, now),
    models: [env().llm.model, ...nameUsualModels(list)].map((model) => ({
      model,
      price: findShown(model, list),
    })),
  };
}

const nameUsualModels = ({ usualModels }: PriceList): readonly string[] =>
  Object.entries(usualModels)
    .map(([connection, model]) => `${connection}/${model}`)
    .toSorted();

function findShown(model: string, list: PriceList): Prices["models"][number]["price"] {
  const name = findPricedName(model, list);
  const price = name === undefined ? undefined : list.prices[name];
  return name === undefined || !price ? null : { model: name, ...showRates(price) };
}
