import { deleteOwnPrice } from "#/db/model-prices.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { removePriceContract } from "#/operations/prices/contract.ts";

/** Removes a price of the workspace. The one before it holds again, or the maker's. Refuses with `not-found`. */
export async function removePrice(
  { tenant }: Caller,
  { id }: Input<typeof removePriceContract>,
): Promise<Refusal | undefined> {
  return (await deleteOwnPrice(tenant, id)) ? undefined : notFound("price");
}
