import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, Name, Timestamp } from "#/lib/http/wire.ts";

/** A browser that is told when a question waits for its person. */
export const Device = v.object({
  id: Id,
  name: v.string(),
  /** The host of the push service that carries the messages. */
  service: v.string(),
  createdAt: Timestamp,
  deliveredAt: v.nullable(Timestamp),
  /** Why the last message was not delivered; null where it was. */
  problem: v.nullable(v.string()),
});
export type Device = v.InferOutput<typeof Device>;

const ClockTime = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 22:00"));

/** Hours of each day in which nothing is told; `to` may lie on the next day. What is still open is told afterwards. */
const QuietHours = v.strictObject({
  from: ClockTime,
  to: ClockTime,
  timeZone: v.pipe(v.string(), v.trim(), v.minLength(1, "must not be empty"), v.maxLength(60)),
});
export type QuietHours = v.InferOutput<typeof QuietHours>;

const Notifications = v.object({
  /** Browsers subscribe to it; null where the deployment has no key and sends nothing. */
  publicKey: v.nullable(v.string()),
  devices: v.array(Device),
  quietHours: v.nullable(QuietHours),
});
export type Notifications = v.InferOutput<typeof Notifications>;

export const getNotificationsContract = defineContract({
  method: "GET",
  path: "/api/v1/notifications",
  summary: "Read which of your devices are told when a question waits for you, and your quiet hours.",
  access: "runs:read",
  responses: { 200: { description: "Devices and quiet hours.", body: Notifications } },
});

export const addDeviceContract = defineContract({
  method: "POST",
  path: "/api/v1/notifications/devices",
  summary:
    "Have a browser told when a question waits for you, by the push subscription that it has made with `publicKey`. The same browser again is the same device.",
  access: "runs:decide",
  body: v.strictObject({
    name: Name,
    endpoint: v.pipe(v.string(), v.url(), v.maxLength(2_048)),
    keys: v.strictObject({
      p256dh: v.pipe(v.string(), v.maxLength(120)),
      auth: v.pipe(v.string(), v.maxLength(40)),
    }),
  }),
  audit: "device.added",
  responses: { 201: { description: "The device.", body: Device } },
});

export const removeDeviceContract = defineContract({
  method: "DELETE",
  path: "/api/v1/notifications/devices/{id}",
  summary: "Tell one of your devices nothing any more.",
  access: "runs:decide",
  params: IdParams,
  audit: "device.removed",
  responses: { 204: { description: "Removed." } },
});

export const testDeviceContract = defineContract({
  method: "POST",
  path: "/api/v1/notifications/devices/{id}/test",
  summary: "Send one of your devices a message, and say whether its push service has taken it.",
  access: "runs:decide",
  params: IdParams,
  audit: "device.tested",
  responses: {
    200: {
      description: "What has become of it.",
      body: v.object({ isDelivered: v.boolean(), problem: v.nullable(v.string()) }),
    },
  },
});

export const setQuietHoursContract = defineContract({
  method: "PUT",
  path: "/api/v1/notifications/quiet-hours",
  summary:
    "Set the hours in which your devices are told nothing, or with null take them away. With `replaces`, the hours that you have read, nothing is changed when there are others by now.",
  access: "runs:decide",
  body: v.strictObject({
    quietHours: v.nullable(QuietHours),
    /** The hours that the caller has read; null where there were none. With others nothing is changed, and the answer is 409. */
    replaces: v.optional(v.nullable(QuietHours)),
  }),
  audit: "quiet-hours.set",
  responses: { 200: { description: "Devices and quiet hours.", body: Notifications } },
});
