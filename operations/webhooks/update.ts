import { updateWebhook as saveWebhook, type Webhook } from "#/db/webhooks.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { updateWebhookContract } from "#/operations/webhooks/contract.ts";

/** Changes the given fields of a webhook; its address and secret stay. Refuses with `not-found`. */
export async function updateWebhook(
  { tenant }: Caller,
  { id, ...change }: Input<typeof updateWebhookContract>,
): Promise<Webhook | Refusal> {
  return (await saveWebhook(tenant, id, change)) ?? notFound("webhook");
}
