import { removeDevice as deleteDevice } from "#/db/push.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { removeDeviceContract } from "#/operations/notifications/contract.ts";

/** Tells a device of the person who acts nothing any more. Refuses with `not-found`, also for a device of somebody else. */
export async function removeDevice(
  { tenant, principal }: Caller,
  { id }: Input<typeof removeDeviceContract>,
): Promise<Refusal | undefined> {
  return (await deleteDevice(tenant, id, personBehind(principal))) ? undefined : notFound("device");
}
