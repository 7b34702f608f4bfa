import { launchRun } from "#/operations/runs/launch.ts";
import { getDelivery } from "#/db/webhooks.ts";
import { principalId } from "#/lib/auth/principal.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { readInput } from "#/operations/hooks/input.ts";
import { showStarted, type StartedRun } from "#/operations/runs/started.ts";
import type { redeliverContract } from "#/operations/webhooks/contract.ts";

type Redelivery = Input<typeof redeliverContract> & { readonly idempotencyKey: string | undefined };

/** Starts another run for a message as it was kept; the same idempotency key again starts none. Refuses with `not-found`, or as a start does. */
export async function redeliver(
  { tenant, principal }: Caller,
  { id, deliveryId, idempotencyKey }: Redelivery,
): Promise<StartedRun | Refusal> {
  const delivery = await getDelivery(tenant, id, deliveryId);
  if (!delivery) return notFound("delivery");
  const { workflowId, priority, messageId, body } = delivery;
  const input = readInput(body);
  if (!input.ok) return input.refusal;
  const trigger = {
    kind: "webhook",
    webhookId: id,
    messageId,
    redeliveredBy: principalId(principal),
  } as const;
  const started = await launchRun(tenant, {
    workflowId,
    input: input.value,
    priority,
    trigger,
    idempotencyKey: idempotencyKey === undefined ? undefined : `redeliver-${deliveryId}-${idempotencyKey}`,
  });
  return showStarted(started);
}
