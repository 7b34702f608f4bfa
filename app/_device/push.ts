import { api } from "#/app/_ui/api.ts";
import { nameDevice } from "#/app/_device/device-name.ts";

/** Whether this browser can be told something, as far as it knows itself. */
export type PushAbility = "able" | "blocked" | "not-installed" | "unable";

/** The device that this browser is to the server. */
interface ThisDevice {
  readonly id: string;
  readonly endpoint: string;
}

const PREFIX = "cairn:device:";

export function readAbility(): PushAbility {
  const isThere = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (isThere) return Notification.permission === "denied" ? "blocked" : "able";
  // Phones of Apple tell installed apps only.
  return /iPhone|iPad/.test(navigator.userAgent) ? "not-installed" : "unable";
}

/** Reads which device this browser is to the server, for one person in one workspace. */
export function readThisDevice(owner: string): ThisDevice | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PREFIX + owner) ?? "null");
    return isThisDevice(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function isThisDevice(kept: unknown): kept is ThisDevice {
  return typeof kept === "object" && kept !== null && "id" in kept && "endpoint" in kept;
}

/** Asks the person, subscribes this browser and tells the server. @returns the device, or undefined when the person has said no */
export async function turnOn(owner: string, publicKey: string): Promise<ThisDevice | undefined> {
  if ((await Notification.requestPermission()) !== "granted") return undefined;
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: publicKey };
  // A browser that was subscribed to another key refuses to be subscribed to this one.
  const subscription = await pushManager.subscribe(options).catch(async () => {
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe(options);
  });
  const { endpoint, keys } = subscription.toJSON();
  if (endpoint === undefined || keys?.["p256dh"] === undefined || keys["auth"] === undefined)
    throw new Error("This browser has given no address to send to.");
  const { id } = await api("POST /api/v1/notifications/devices", {
    body: {
      name: nameDevice(navigator.userAgent),
      endpoint,
      keys: { p256dh: keys["p256dh"], auth: keys["auth"] },
    },
  });
  const device = { id, endpoint };
  localStorage.setItem(PREFIX + owner, JSON.stringify(device));
  return device;
}

/** Tells this browser nothing any more, in this workspace; in others it may still be told. */
export function turnOff(owner: string): void {
  localStorage.removeItem(PREFIX + owner);
}

/** Tells the server the address anew, when the browser has got another one since. */
export async function stayOn(owner: string): Promise<void> {
  const device = readThisDevice(owner);
  if (!device || readAbility() !== "able" || Notification.permission !== "granted") return;
  const { pushManager } = await navigator.serviceWorker.ready;
  if ((await pushManager.getSubscription())?.endpoint === device.endpoint) return;
  const { publicKey } = await api("GET /api/v1/notifications");
  if (publicKey !== null) await turnOn(owner, publicKey);
}

/** Shows on the app's icon how much waits, and takes back notifications of what waits no more. */
export async function showWaiting(ids: readonly string[]): Promise<void> {
  if ("setAppBadge" in navigator) await navigator.setAppBadge(ids.length);
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration();
  const shown = (await registration?.getNotifications()) ?? [];
  for (const notification of shown)
    if (/^[0-9a-f-]{36}$/.test(notification.tag) && !ids.includes(notification.tag)) notification.close();
}

/** Ends the subscription of this browser: the next person who has it hears nothing that is not theirs. */
export async function endPush(): Promise<void> {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  await showWaiting([]);
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}
