import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams } from "#/lib/http/wire.ts";

/** US dollars per million tokens. */
const Rates = {
  input: v.number(),
  /** Of input that the provider still had; null where it costs what other input costs. */
  cachedInput: v.nullable(v.number()),
  /** Thinking is output too. */
  output: v.number(),
};

const PRICE_SOURCES = ["workspace", "deployment", "list"] as const;

export const Price = v.object({
  /** Null for prices that are not the workspace's own. */
  id: v.nullable(Id),
  model: v.string(),
  /** The day (UTC) from which it holds, until the next one of the same name; null where it always has. */
  since: v.nullable(v.string()),
  ...Rates,
  /** Set by the workspace, by whoever operates the deployment, or published by the maker. */
  source: v.picklist(PRICE_SOURCES),
  /** Another price of the same name may hold instead: a newer one, or one of the workspace. */
  holdsToday: v.boolean(),
});
export type Price = v.InferOutput<typeof Price>;

/** A model that steps of the workspace can name, with the price of its next call. */
const PricedModel = v.object({
  model: v.string(),
  /** Null where nobody knows it: a limit in dollars cannot be kept then. */
  price: v.nullable(v.object({ model: v.string(), ...Rates })),
});

const Prices = v.object({ items: v.array(Price), models: v.array(PricedModel) });
export type Prices = v.InferOutput<typeof Prices>;

const HIGHEST_RATE = 100_000;
const DECIMALS = 6;
const isStorable = (rate: number) => Number(rate.toFixed(DECIMALS)) === rate;
const Rate = v.pipe(
  v.number(),
  v.minValue(0, "must not be negative"),
  v.maxValue(HIGHEST_RATE, `must be at most ${HIGHEST_RATE} US dollars per million tokens`),
  v.check(isStorable, `has at most ${DECIMALS} decimals`),
);

const FIRST_DAY = "2020-01-01";
const LAST_DAY = "2100-01-01";
const isDay = (text: string) =>
  !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

export const SetPrice = v.strictObject({
  /** As definitions name it, `ollama/qwen3`, or without the connection: then it covers the model at every connection. Dated and tagged variants are covered too. */
  model: v.pipe(
    v.string(),
    v.trim(),
    v.maxLength(200),
    v.regex(/^\S+$/, "must not be empty and has no spaces"),
  ),
  since: v.pipe(
    v.string(),
    v.isoDate("must be a day such as 2026-01-31"),
    v.maxLength(10),
    v.check(isDay, "must be a day that exists"),
    v.check((day) => day >= FIRST_DAY && day <= LAST_DAY, `must lie between ${FIRST_DAY} and ${LAST_DAY}`),
  ),
  input: Rate,
  cachedInput: v.optional(v.nullable(Rate)),
  output: Rate,
});
export type SetPrice = v.InferInput<typeof SetPrice>;

export const listPricesContract = defineContract({
  method: "GET",
  path: "/api/v1/prices",
  summary: "List what models cost and since when, and which price the workspace's own models have today.",
  access: "workflows:read",
  responses: {
    200: {
      description: "Every price, and the models of the workspace.",
      body: Prices,
    },
  },
});

export const setPriceContract = defineContract({
  method: "PUT",
  path: "/api/v1/prices",
  summary: "Set what a model costs from a day on. What is booked already stays as it is.",
  access: "settings:write",
  body: SetPrice,
  audit: "price.set",
  responses: { 200: { description: "The price.", body: Price } },
});

export const removePriceContract = defineContract({
  method: "DELETE",
  path: "/api/v1/prices/{id}",
  summary: "Remove a price of the workspace. The one before it holds again, or the maker's.",
  access: "settings:write",
  params: IdParams,
  audit: "price.removed",
  responses: { 204: { description: "Removed." } },
});
