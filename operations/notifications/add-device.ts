import { database } from "#/db/client.ts";
import { countDevices, storeDevice } from "#/db/push.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import type { Input } from "#/lib/http/contract.ts";
import { env } from "#/lib/env.ts";
import { isReachable } from "#/lib/http/guarded-fetch.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { isUsable } from "#/lib/push/encrypt.ts";
import type { Caller } from "#/operations/caller.ts";
import type { addDeviceContract, Device } from "#/operations/notifications/contract.ts";
import { showDevice } from "#/operations/notifications/get.ts";

const MOST_DEVICES = 20;

/**
 * Has a browser told when a question waits for the person who acts. Refuses with `unavailable` where the deployment has no key, and with
 * `invalid-request` for an address that is not one of the public internet, for keys that nothing can be encrypted with, and for too many devices.
 */
export async function addDevice(
  { tenant, principal }: Caller,
  { newId: id, name, endpoint, keys }: Input<typeof addDeviceContract> & { readonly newId: string },
): Promise<Device | Refusal> {
  const userId = personBehind(principal);
  const refused = (await refuseTarget(endpoint, keys)) ?? refuseMore(await countDevices(tenant, userId));
  if (refused) return refused;
  return showDevice(await storeDevice(database(), tenant, { id, userId, name, endpoint, ...keys }));
}

async function refuseTarget(
  endpoint: string,
  keys: Input<typeof addDeviceContract>["keys"],
): Promise<Refusal | undefined> {
  const { push, httpAllowHosts: allowHosts } = env();
  if (push.privateKey === undefined)
    return refuse("unavailable", "This deployment sends no notifications: VAPID_PRIVATE_KEY is not set.");
  if (!endpoint.startsWith("https://")) return wrong("/endpoint", "must be an https address");
  if (!(await isReachable(new URL(endpoint), { allowHosts })))
    return wrong("/endpoint", "must be an address of a push service on the public internet");
  return isUsable(keys)
    ? undefined
    : wrong("/keys", "must be the keys that the browser's subscription has, as base64url");
}

const refuseMore = (devices: number): Refusal | undefined =>
  devices >= MOST_DEVICES
    ? wrong("/endpoint", `would be one of more than ${MOST_DEVICES} devices; remove one first`)
    : undefined;

const wrong = (path: string, message: string): Refusal =>
  refuse("invalid-request", "This browser cannot be told anything.", { errors: [{ path, message }] });
