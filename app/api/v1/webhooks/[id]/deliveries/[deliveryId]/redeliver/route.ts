import { startRun } from "#/operations/runs/runtime.ts";
import { apiRoute, idOf } from "#/app/api/doors.ts";
import { inputOf } from "#/app/api/hooks/input.ts";
import { runUrl, startRefusal } from "#/app/api/start.ts";
import { redeliverContract } from "#/operations/webhooks/contract.ts";
import { getDelivery } from "#/db/webhooks.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { accepted } from "#/lib/http/reply.ts";

export const POST = apiRoute(redeliverContract, async ({ tenant, principal, params, idempotencyKey }) => {
  const delivery = await getDelivery(tenant, params.id, params.deliveryId);
  if (!delivery) return notFound("delivery");
  const { workflowId, priority, messageId, body } = delivery;
  const trigger = {
    kind: "webhook",
    webhookId: params.id,
    messageId,
    redeliveredBy: idOf(principal),
  } as const;
  const input = inputOf(body);
  if (!input.ok) return input.refusal;
  const started = await startRun(tenant, {
    workflowId,
    input: input.value,
    priority,
    trigger,
    idempotencyKey:
      idempotencyKey === undefined ? undefined : `redeliver-${params.deliveryId}-${idempotencyKey}`,
  });
  if (!started.ok) return startRefusal(started);
  return accepted({ id: started.runId, status: started.status, url: runUrl(started.runId) });
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
