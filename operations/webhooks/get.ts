import { getWebhook as readWebhook, type Webhook } from "#/db/webhooks.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getWebhookContract } from "#/operations/webhooks/contract.ts";

/** Returns one webhook, without its address and secret. Refuses with `not-found`. */
export async function getWebhook(
  { tenant }: Caller,
  { id }: Input<typeof getWebhookContract>,
): Promise<Webhook | Refusal> {
  return (await readWebhook(tenant, id)) ?? notFound("webhook");
}
