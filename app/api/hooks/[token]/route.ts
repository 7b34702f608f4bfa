import { startUnattended } from "#/operations/runs/start-unattended.ts";
import { type HookDelivery, hookRoute } from "#/app/api/doors.ts";
import { inputOf, textOf } from "#/operations/hooks/input.ts";
import { waitForResponse } from "#/app/api/hooks/response.ts";
import { runUrl, startRefusal } from "#/operations/runs/started.ts";
import { saveDelivery, webhookPriority } from "#/db/webhooks.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { newId } from "#/lib/id.ts";
import type { JsonObject } from "#/lib/json-object.ts";

export const maxDuration = 60;

/**
 * Starts a run for a message, once: a repeated message answers 200 with the run that it started the first time. Where the workflow has a
 * respond step, the answer is what that step says, if it says so in time.
 */
export const POST = hookRoute(async (delivery) => {
  const { tenant, hook, messageId, body, signal } = delivery;
  const text = textOf(body);
  const input = inputOf(text);
  const started = input.ok
    ? await startFor(delivery, input.value)
    : { ok: false as const, refusal: input.refusal, runId: null };
  // Kept also when it could not start: whoever set the webhook up sees what came, why not, and can send it again.
  await saveDelivery(tenant, {
    id: newId(),
    webhookId: hook.id,
    messageId,
    body: text,
    runId: started.runId,
    isRefused: !started.ok,
  });
  if (!started.ok) return started.refusal;
  const response = started.responds ? await waitForResponse(tenant, started.runId, signal) : undefined;
  return (
    response ?? {
      status: started.repeated ? 200 : 202,
      body: { runId: started.runId, url: runUrl(started.runId) },
    }
  );
});

async function startFor({ tenant, hook, messageId }: HookDelivery, input: JsonObject) {
  const trigger = { kind: "webhook", webhookId: hook.id, messageId } as const;
  const idempotencyKey = `webhook-${hook.id}-${messageId}`;
  const started = await startUnattended(tenant, {
    workflowId: hook.workflowId,
    input,
    priority: await webhookPriority(tenant, hook.id),
    trigger,
    idempotencyKey,
  });
  return started.ok
    ? started
    : { ok: false as const, refusal: startRefusal(started), runId: started.refusedRunId ?? null };
}

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
