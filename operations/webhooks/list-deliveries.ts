import type { Page } from "#/db/page.ts";
import { type Delivery, listDeliveries as readDeliveries } from "#/db/webhooks.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listDeliveriesContract } from "#/operations/webhooks/contract.ts";

/** Lists the messages that came to a webhook, newest first, with the runs that they started. Refuses with `not-found`. */
export async function listDeliveries(
  { tenant }: Caller,
  { id, ...page }: Input<typeof listDeliveriesContract>,
): Promise<Page<Delivery> | Refusal> {
  return (await readDeliveries(tenant, id, page)) ?? notFound("webhook");
}
