import { LIST_PRICES } from "#/agents/definition/check/list-prices.ts";
import {
  type DatedPrice,
  findPrice,
  type ModelPrice,
  type PriceList,
  pricesOn,
} from "#/agents/definition/check/model-prices.ts";
import type { Tenant } from "#/db/client.ts";
import { type OwnPrice, type OwnPrices, readOwnPrices } from "#/db/model-prices.ts";
import { cache } from "#/lib/cloud/cache.ts";
import { env } from "#/lib/env.ts";

/** A price of the deployment holds since before every day. */
export const ALWAYS = "";

/** Every price that a workspace knows, and the usual models of its connections. */
export interface KnownPrices extends Pick<PriceList, "usualModels"> {
  readonly list: readonly DatedPrice[];
  readonly deployment: readonly DatedPrice[];
  readonly workspace: readonly OwnPrice[];
}

/** Reads the prices that a workspace has set, that its deployment names and that makers have published. */
export async function readKnownPrices(tenant: Tenant): Promise<KnownPrices> {
  return knowPrices(await readOwnPrices(tenant));
}

function knowPrices({ prices: workspace, usualModels }: OwnPrices): KnownPrices {
  const deployment = Object.entries(env().llm.prices).map(([model, { input, cachedInput, output }]) => ({
    model,
    since: ALWAYS,
    input,
    cachedInput,
    output,
  }));
  return { list: LIST_PRICES, deployment, workspace, usualModels };
}

/** Returns the prices that hold at a moment: a workspace's own before those of its deployment, and those before what makers publish. Days begin at midnight UTC. */
export const pricesAt = (
  { list, deployment, workspace }: KnownPrices,
  ms: number,
): ReadonlyMap<string, DatedPrice> =>
  pricesOn(new Date(ms).toISOString().slice(0, 10), [list, deployment, workspace]);

/** Returns what models cost a workspace at a moment, as plain data. */
export async function readPrices(tenant: Tenant, ms: number): Promise<PriceList> {
  const known = await readKnownPrices(tenant);
  return toPriceList(known, ms);
}

/** Keeps of known prices what whoever reckons needs. */
export function toPriceList(known: KnownPrices, ms: number): PriceList {
  const prices = [...pricesAt(known, ms)].map(
    ([model, { input, cachedInput, output }]) => [model, { input, cachedInput, output }] as const,
  );
  return { prices: Object.fromEntries(prices), usualModels: known.usualModels };
}

/** Returns the price of a call that is made now, as it was set some seconds ago; undefined where nobody knows it. */
export async function priceOfModel(tenant: Tenant, model: string): Promise<ModelPrice | undefined> {
  return findPrice(model, await readPricesOfNow(tenant));
}

/** Returns what models cost a workspace now, as it was set some seconds ago. */
export async function readPricesOfNow(tenant: Tenant): Promise<PriceList> {
  const { workspaceId } = tenant;
  const own = await cache().read({ kept: "prices", workspaceId }, () => readOwnPrices(tenant));
  return toPriceList(knowPrices(own), Date.now());
}
