import type { Tenant } from "#/db/client.ts";
import { saveDelivery, webhookPriority } from "#/db/webhooks.ts";
import type { SignedDelivery } from "#/lib/http/hook-route.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import { newId } from "#/lib/id.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import { readInput, readText } from "#/operations/hooks/input.ts";
import { type StepResponse, waitForResponse } from "#/operations/hooks/response.ts";
import { startUnattended } from "#/operations/runs/start-unattended.ts";
import { runUrl, startRefusal } from "#/operations/runs/started.ts";

type HookDelivery = SignedDelivery<Tenant>;
type Answer = StepResponse | { readonly status: 200 | 202; readonly body: Readonly<Record<string, string>> };

/**
 * Starts a run for a message, once: a repeated message answers 200 with the run that it started the first time. Where the workflow has a
 * respond step, the answer is what that step says, if it says so in time. Refuses as a start does, and keeps the message all the same.
 */
export async function hook(delivery: HookDelivery): Promise<Answer | Refusal> {
  const { tenant, hook: webhook, messageId, body, signal } = delivery;
  const text = readText(body);
  const input = readInput(text);
  const started = input.ok
    ? await startFor(delivery, input.value)
    : { ok: false as const, refusal: input.refusal, runId: null };
  // Kept also when it could not start: whoever set the webhook up sees what came, why not, and can send it again.
  await saveDelivery(tenant, {
    id: newId(),
    webhookId: webhook.id,
    messageId,
    body: text,
    runId: started.runId,
    isRefused: !started.ok,
  });
  if (!started.ok) return started.refusal;
  const { runId, responds, repeated } = started;
  const response = responds ? await waitForResponse(tenant, runId, signal) : undefined;
  return response ?? { status: repeated ? 200 : 202, body: { runId, url: runUrl(runId) } };
}

async function startFor({ tenant, hook: webhook, messageId }: HookDelivery, input: JsonObject) {
  const trigger = { kind: "webhook", webhookId: webhook.id, messageId } as const;
  const idempotencyKey = `webhook-${webhook.id}-${messageId}`;
  const started = await startUnattended(tenant, {
    workflowId: webhook.workflowId,
    input,
    priority: await webhookPriority(tenant, webhook.id),
    trigger,
    idempotencyKey,
  });
  return started.ok
    ? started
    : { ok: false as const, refusal: startRefusal(started), runId: started.refusedRunId ?? null };
}
