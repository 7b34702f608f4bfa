import { createWebhook as insertWebhook, readSealedWebhook, type Webhook } from "#/db/webhooks.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { unknownWorkflow } from "#/operations/schedules/check.ts";
import { makeAddress, openAddress, type WebhookAddress } from "#/operations/webhooks/address.ts";
import type { createWebhookContract } from "#/operations/webhooks/contract.ts";
import { listWebhookMeetings } from "#/operations/workflows/rule-of-two.ts";

const NEEDS_APPROVAL =
  "What comes by a webhook is content from outside, and the published version lets it meet private data and an action on the outside without a person. Publish it with an approval between them; or mark its input with x-data: untrusted, and let an admin publish it with a reason.";

type NewWebhook = Input<typeof createWebhookContract> & { readonly id: string };

/**
 * Creates a webhook under `id` with an address and a secret, both stored sealed; the same id again returns what the first call made. Refuses
 * with `invalid-request` for an unknown workflow, and with `rule-of-two` where what comes by it would meet private data and an action on the outside.
 */
export async function createWebhook(
  { tenant }: Caller,
  webhook: NewWebhook,
): Promise<(Webhook & WebhookAddress) | Refusal> {
  const { id, workflowId } = webhook;
  const meetings = await listWebhookMeetings(tenant, workflowId);
  if (meetings.length > 0) return refuse("rule-of-two", NEEDS_APPROVAL, { errors: meetings });
  const stored = await insertWebhook(tenant, { ...webhook, ...makeAddress(id) });
  // Read back: a repeated request finds the address that the first one made.
  const sealed = stored && (await readSealedWebhook(tenant, id));
  return stored && sealed ? { ...stored, ...openAddress(id, sealed) } : unknownWorkflow;
}
