import { readOwnPrices, saveOwnPrice } from "#/db/model-prices.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { Price, setPriceContract } from "#/operations/prices/contract.ts";
import { readKnownPrices } from "#/operations/prices/read.ts";
import { showPrices } from "#/operations/prices/show.ts";

type NewPrice = Input<typeof setPriceContract> & { readonly id: string };

/** Every model call reads them all. */
const MOST_PRICES = 500;

/**
 * Sets what a model costs from a day on; a price of the same model and day is replaced. Calls that are booked keep their cost. Refuses with
 * `invalid-request` where the workspace has too many prices, and with `not-found` where somebody has removed it in the same moment.
 */
export async function setPrice(
  { tenant }: Caller,
  { cachedInput, ...price }: NewPrice,
): Promise<Price | Refusal> {
  const { prices } = await readOwnPrices(tenant);
  const isNew = !prices.some(({ model, since }) => model === price.model && since === price.since);
  if (isNew && prices.length >= MOST_PRICES) return TOO_MANY;
  const { id } = await saveOwnPrice(tenant, { ...price, cachedInput: cachedInput ?? undefined });
  const shown = showPrices(await readKnownPrices(tenant), Date.now()).find((one) => one.id === id);
  return shown ?? notFound("price");
}

const TOO_MANY = refuse(
  "invalid-request",
  `A workspace has at most ${MOST_PRICES} prices of its own. Remove some that hold no longer.`,
);
