import { deleteWebhook as removeWebhook } from "#/db/webhooks.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { deleteWebhookContract } from "#/operations/webhooks/contract.ts";

/** Deletes a webhook: its address answers like one that never was. Runs that it has started continue. Refuses with `not-found`. */
export async function deleteWebhook(
  { tenant }: Caller,
  { id }: Input<typeof deleteWebhookContract>,
): Promise<Refusal | undefined> {
  return (await removeWebhook(tenant, id)) ? undefined : notFound("webhook");
}
