import { createECDH, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { type GuardedFetch, NotConnected, OutboundRefused, type OutboundRequest } from "#/lib/outbound.ts";
import { sendPush } from "./send.ts";
import { makePushKey } from "./vapid.ts";

const pair = createECDH("prime256v1");
pair.generateKeys();
const target = {
  endpoint: "https://push.test/device",
  p256dh: pair.getPublicKey("base64url"),
  auth: randomBytes(16).toString("base64url"),
};
const message = { text: "{}", topic: "t", validS: 60 };
const sender = { privateKey: makePushKey(), subject: "mailto:ops@cairn.test" };

const send = async (fetch: GuardedFetch, to = target, what = message) =>
  sendPush({ fetch, sender, now: () => 1_000 }, to, what);
const answering =
  (status: number, headers: Record<string, string> = {}): GuardedFetch =>
  async ({ url }) => ({ url, status, headers, body: "" });

test.each([
  [201, {}, { kind: "delivered" }],
  [404, {}, { kind: "gone" }],
  [410, {}, { kind: "gone" }],
  [403, {}, { kind: "refused", why: "The push service answered 403." }],
  [413, {}, { kind: "refused" }],
  [429, { "retry-after": "90" }, { kind: "later", afterMs: 90_000 }],
  [500, {}, { kind: "later", afterMs: undefined }],
  [503, {}, { kind: "later" }],
])("an answer %i %o has an end of its own", async (status, headers, outcome) => {
  expect(await send(answering(status, headers))).toMatchObject(outcome);
});

test("what was never sent is tried again, and what may have arrived is not", async () => {
  const failing =
    (error: Error): GuardedFetch =>
    async () => {
      throw error;
    };
  expect(await send(failing(new NotConnected(new Error("no route"))))).toMatchObject({ kind: "later" });
  expect(await send(failing(new Error("cut off")))).toMatchObject({ kind: "unknown" });
  expect(await send(failing(new OutboundRefused("forbidden-address", "https://10.0.0.1")))).toMatchObject({
    kind: "refused",
  });
});

test("only https is sent to, redirects are not followed elsewhere, and what is too long is not sent at all", async () => {
  const seen: OutboundRequest[] = [];
  const noting: GuardedFetch = async (request) => {
    seen.push(request);
    return { url: request.url, status: 201, headers: {}, body: "" };
  };
  expect(await send(noting, { ...target, endpoint: "http://push.test/device" })).toMatchObject({
    kind: "refused",
  });
  expect(await send(noting, target, { ...message, text: "x".repeat(5_000) })).toMatchObject({
    kind: "refused",
  });
  expect(seen).toEqual([]);
  await send(noting);
  expect(seen).toMatchObject([
    {
      method: "POST",
      staysAtOrigin: true,
      headers: { ttl: "60", topic: "t", "content-encoding": "aes128gcm" },
    },
  ]);
  expect(seen[0]?.headers?.["authorization"]).toMatch(/^vapid t=[\w-]+\.[\w-]+\.[\w-]+, k=[\w-]{87}$/);
});
