import { sendEvent as deliverEvent } from "#/operations/events/deliver.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Caller, findActor } from "#/operations/caller.ts";
import type { sendEventContract } from "#/operations/events/contract.ts";

type NewEvent = Input<typeof sendEventContract> & { readonly id: string };

/** Tells every run that waits for the key; if none does, keeps the event for a day for the first run that will. The same id again changes nothing. */
export async function sendEvent(
  caller: Caller,
  { id, key, payload = null }: NewEvent,
): Promise<{ readonly id: string }> {
  return deliverEvent(caller.tenant, { id, key, payload, source: await findActor(caller) });
}
