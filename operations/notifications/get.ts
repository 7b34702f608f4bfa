import { type Device as StoredDevice, readNotifications } from "#/db/push.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import { env } from "#/lib/env.ts";
import { publicKeyOf } from "#/lib/push/vapid.ts";
import type { QuietHours as Minutes } from "#/lib/quiet-hours.ts";
import type { Caller } from "#/operations/caller.ts";
import type { Device, Notifications, QuietHours } from "#/operations/notifications/contract.ts";

/** Returns the devices of the person who acts, and when they are told nothing. Addresses of browsers are never told. */
export async function getNotifications({ tenant, principal }: Caller): Promise<Notifications> {
  const { privateKey } = env().push;
  const { devices, quietHours } = await readNotifications(tenant, personBehind(principal));
  return {
    publicKey: privateKey === undefined ? null : publicKeyOf(privateKey),
    devices: devices.map(showDevice),
    quietHours: quietHours && writeQuietHours(quietHours),
  };
}

/** Shows a device without the address by which it is reached. */
export const showDevice = ({ endpoint, ...device }: StoredDevice): Device => ({
  ...device,
  service: new URL(endpoint).host,
});

const writeQuietHours = ({ from, to, timeZone }: Minutes): QuietHours => ({
  from: writeTime(from),
  to: writeTime(to),
  timeZone,
});

const writeTime = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
