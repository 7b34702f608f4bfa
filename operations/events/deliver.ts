import "server-only";
import { database, type Tenant } from "#/db/client.ts";
import { deliverEvents } from "#/db/engine.ts";
import { insertEvent } from "#/db/events.ts";
import type { Actor } from "#/operations/actor.ts";
import { wake } from "#/operations/execution/wake.ts";

/** Tells every run that waits for the key; if none does, the event is kept for a day for the first that will. The same event again changes nothing. */
export async function sendEvent(
  tenant: Tenant,
  event: { readonly id: string; readonly key: string; readonly payload: unknown; readonly source: Actor },
): Promise<{ readonly id: string }> {
  await insertEvent(tenant, { ...event, source: { ...event.source } });
  await wake(await deliverEvents(database(), tenant.workspaceId, [event.key]));
  return { id: event.id };
}
