import { createWebhook as insertWebhook, readSealedWebhook, type Webhook } from "#/db/webhooks.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { unknownWorkflow } from "#/operations/schedules/check.ts";
import { makeAddress, openAddress, type WebhookAddress } from "#/operations/webhooks/address.ts";
import type { createWebhookContract } from "#/operations/webhooks/contract.ts";

type NewWebhook = Input<typeof createWebhookContract> & { readonly id: string };

/**
 * Creates a webhook under `id` with an address and a secret, both stored sealed; the same id again returns what the first call made. Refuses
 * with `invalid-request` for an unknown workflow.
 */
export async function createWebhook(
  { tenant }: Caller,
  webhook: NewWebhook,
): Promise<(Webhook & WebhookAddress) | Refusal> {
  const { id } = webhook;
  const stored = await insertWebhook(tenant, { ...webhook, ...makeAddress(id) });
  // Read back: a repeated request finds the address that the first one made.
  const sealed = stored && (await readSealedWebhook(tenant, id));
  return stored && sealed ? { ...stored, ...openAddress(id, sealed) } : unknownWorkflow;
}
