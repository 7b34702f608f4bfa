import { sql } from "kysely";
import type { DatedPrice, PriceList } from "#/agents/definition/check/model-prices.ts";
import { CONNECTION_KIND_INFO, CONNECTION_KINDS } from "#/agents/vocabulary/connection.ts";
import type { Tenant } from "#/db/client.ts";

/** A price that a workspace has set. */
export interface OwnPrice extends DatedPrice {
  readonly id: string;
}

const COLUMNS = ["id", "model", "input", "cached_input", "output"] as const;
const since = sql<string>`since::text`.as("since");
const KINDS_WITH_MODELS = CONNECTION_KINDS.filter((kind) => CONNECTION_KIND_INFO[kind].purpose === "models");

/** The prices that a workspace has set, by model and the day from which each holds, and the usual models of its connections. */
export interface OwnPrices extends Pick<PriceList, "usualModels"> {
  readonly prices: readonly OwnPrice[];
}

export async function readOwnPrices(tenant: Tenant): Promise<OwnPrices> {
  const [rows, connections] = await tenant.batch((query) => [
    query
      .selectFrom("model_prices")
      .select([...COLUMNS, since])
      .orderBy("model")
      .orderBy("since", "desc"),
    query
      .selectFrom("connections")
      .select(["name", sql<string | null>`settings ->> 'model'`.as("model")])
      .where("kind", "in", KINDS_WITH_MODELS),
  ]);
  return {
    prices: rows.map(toPrice),
    usualModels: Object.fromEntries(
      connections.flatMap(({ name, model }) => (model === null ? [] : [[name, model]])),
    ),
  };
}

/** Stores a price; one of the same model and day is replaced. */
export async function saveOwnPrice(tenant: Tenant, price: OwnPrice): Promise<OwnPrice> {
  const { id, model, since: day, input, cachedInput = null, output } = price;
  const [rows] = await tenant.batch((query) => [
    query
      .insertInto("model_prices")
      .values({
        workspace_id: tenant.workspaceId,
        id,
        model,
        since: day,
        input,
        cached_input: cachedInput,
        output,
        created_by: tenant.userId ?? null,
      })
      .onConflict((conflict) =>
        conflict.columns(["workspace_id", "model", "since"]).doUpdateSet({
          input,
          cached_input: cachedInput,
          output,
          updated_at: sql`clock_timestamp()`,
        }),
      )
      .returning([...COLUMNS, since]),
  ]);
  const [row] = rows;
  if (!row) throw new Error(`The price of ${model} was not stored.`);
  return toPrice(row);
}

/** @returns whether there was such a price */
export async function deleteOwnPrice(tenant: Tenant, id: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query.deleteFrom("model_prices").where("id", "=", id).returning("id"),
  ]);
  return rows.length > 0;
}

interface PriceRow {
  readonly id: string;
  readonly model: string;
  readonly since: string;
  readonly input: string;
  readonly cached_input: string | null;
  readonly output: string;
}

/** Decimals come as texts, so that none is rounded on the way. */
const toPrice = ({ cached_input: cached, input, output, ...row }: PriceRow): OwnPrice => ({
  ...row,
  input: Number(input),
  output: Number(output),
  ...(cached !== null && { cachedInput: Number(cached) }),
});
