import { startUnattended } from "#/agents/runtime.ts";
import { hookRoute } from "#/app/api/doors.ts";
import { inputOf, textOf } from "#/app/api/hooks/input.ts";
import { waitForResponse } from "#/app/api/hooks/response.ts";
import { runUrl, startRefusal } from "#/app/api/start.ts";
import { saveDelivery, webhookPriority } from "#/db/webhooks.ts";
import { newId } from "#/lib/id.ts";

export const maxDuration = 60;

/**
 * Starts a run for a message, once: a repeated message answers 200 with the run that it started the first time. Where the workflow has a
 * respond step, the answer is what that step says, if it says so in time.
 */
export const POST = hookRoute(async ({ tenant, hook, messageId, body, signal }) => {
  const trigger = { kind: "webhook", webhookId: hook.id, messageId } as const;
  const idempotencyKey = `webhook-${hook.id}-${messageId}`;
  const text = textOf(body);
  const started = await startUnattended(tenant, { workflowId: hook.workflowId, input: inputOf(text), priority: await webhookPriority(tenant, hook.id), trigger, idempotencyKey });
  // Kept also when it could not start: whoever set the webhook up sees what came, why not, and can send it again.
  const runId = started.ok ? started.runId : (started.refusedRunId ?? null);
  await saveDelivery(tenant, { id: newId(), webhookId: hook.id, messageId, body: text, runId, isRefused: !started.ok });
  if (!started.ok) return startRefusal(started);
  const response = started.responds ? await waitForResponse(tenant, started.runId, signal) : undefined;
  return response ?? { status: started.repeated ? 200 : 202, body: { runId: started.runId, url: runUrl(started.runId) } };
});
