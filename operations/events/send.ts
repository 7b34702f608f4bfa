import "server-only";
import { database } from "#/db/client.ts";
import { deliverEvents } from "#/db/engine.ts";
import { insertEvent } from "#/db/events.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Caller, findActor } from "#/operations/caller.ts";
import type { sendEventContract } from "#/operations/events/contract.ts";
import { wake } from "#/operations/execution/wake.ts";

type NewEvent = Input<typeof sendEventContract> & { readonly id: string };

/** Tells every run that waits for the key; if none does, keeps the event for a day for the first run that will. The same id again changes nothing. */
export async function sendEvent(
  caller: Caller,
  { id, key, payload = null }: NewEvent,
): Promise<{ readonly id: string }> {
  const { tenant } = caller;
  await insertEvent(tenant, { id, key, payload, source: { ...(await findActor(caller)) } });
  await wake(await deliverEvents(database(), tenant.workspaceId, [key]));
  return { id };
}
