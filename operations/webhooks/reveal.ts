import { readSealedWebhook } from "#/db/webhooks.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { openAddress, type WebhookAddress } from "#/operations/webhooks/address.ts";
import type { revealWebhookContract } from "#/operations/webhooks/contract.ts";

/** Returns the address and the signing secret of a webhook. Refuses with `not-found`. */
export async function revealWebhook(
  { tenant }: Caller,
  { id }: Input<typeof revealWebhookContract>,
): Promise<(WebhookAddress & { readonly id: string }) | Refusal> {
  const sealed = await readSealedWebhook(tenant, id);
  return sealed ? { id, ...openAddress(id, sealed) } : notFound("webhook");
}
