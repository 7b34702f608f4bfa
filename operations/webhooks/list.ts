import type { Page } from "#/db/page.ts";
import { listWebhooks as readWebhooks, type Webhook } from "#/db/webhooks.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listWebhooksContract } from "#/operations/webhooks/contract.ts";

/** Lists webhooks, newest first, without their addresses and secrets. */
export function listWebhooks(
  { tenant }: Caller,
  filter: Input<typeof listWebhooksContract>,
): Promise<Page<Webhook>> {
  return readWebhooks(tenant, filter);
}
