import { startRun } from "#/agents/runtime.ts";
import { hookRoute } from "#/app/api/doors.ts";
import { inputOf } from "#/app/api/hooks/input.ts";
import { runUrl, startRefusal } from "#/app/api/start.ts";
import { saveDelivery } from "#/db/webhooks.ts";
import { newId } from "#/lib/id.ts";

/** Starts a run for a message, once: a repeated message answers 200 with the run that it started the first time. */
export const POST = hookRoute(async ({ tenant, hook, messageId, body }) => {
  const trigger = { kind: "webhook", webhookId: hook.id, messageId } as const;
  const idempotencyKey = `webhook-${hook.id}-${messageId}`;
  const started = await startRun(tenant, { workflowId: hook.workflowId, input: inputOf(body), trigger, idempotencyKey });
  // Kept also when it started nothing: whoever set the webhook up sees what came and can send it again.
  await saveDelivery(tenant, { id: newId(), webhookId: hook.id, messageId, body, runId: started.ok ? started.runId : null });
  if (!started.ok) return startRefusal(started);
  return { status: started.repeated ? 200 : 202, body: { runId: started.runId, url: runUrl(started.runId) } };
});
