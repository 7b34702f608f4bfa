import * as fc from "fast-check";
import { expect, test } from "vitest";
import { KEY_KEPT_MS, rememberKeys } from "#/lib/auth/key-memory.ts";
import type { ExpiredKey, Key } from "#/lib/auth/principal.ts";

/** Keys by hash, a clock that stands still, and how often the keys were asked for. */
function world(keys: Record<string, Key | ExpiredKey>) {
  const state = { now: 0, asked: 0, away: false };
  const find = async (hash: string) => {
    state.asked += 1;
    if (state.away) throw new Error("away");
    return keys[hash];
  };
  return { state, keys, memory: rememberKeys(find, { now: () => state.now }) };
}
const key: Key = {
  kind: "key",
  keyId: "k1",
  workspaceId: "w1",
  scopes: ["read"],
  makerId: "u",
  makerRole: "admin",
  expiresAt: null,
};

test("a key is looked up once for some seconds, however many ask at once", async () => {
  const { state, memory } = world({ h: key });
  expect(await Promise.all([memory.find("h"), memory.find("h")])).toEqual([key, key]);
  state.now = KEY_KEPT_MS - 1;
  expect(await memory.find("h")).toEqual(key);
  expect(state.asked).toBe(1);
});

test("a revoked key is refused after five seconds at the latest", async () => {
  const { state, keys, memory } = world({ h: key });
  await memory.find("h");
  delete keys["h"];
  state.now = 5_000;
  expect(await memory.find("h")).toBeUndefined();
});

test("the process that revokes a key refuses it at once", async () => {
  const { keys, memory } = world({ h: key });
  await memory.find("h");
  delete keys["h"];
  await memory.forget("k1");
  expect(await memory.find("h")).toBeUndefined();
});

test("neither unknown keys nor failures are remembered", async () => {
  const { state, keys, memory } = world({});
  expect(await memory.find("h")).toBeUndefined();
  keys["h"] = key;
  state.away = true;
  await expect(memory.find("h")).rejects.toThrow("away");
  state.away = false;
  expect(await memory.find("h")).toEqual(key);
});

test("a remembered key is not taken from its end on, whatever the moments", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 12_000 }), fc.nat({ max: 20_000 }), async (expiresAt, at) => {
      const { state, keys, memory } = world({ h: { ...key, expiresAt } });
      await memory.find("h");
      keys["h"] = { kind: "expired-key", expiredAt: expiresAt };
      state.now = at;
      const asksAgain = at >= Math.min(expiresAt, KEY_KEPT_MS);
      const found = await Promise.all([memory.find("h"), memory.find("h")]);
      expect(found.map((one) => one?.kind)).toEqual(
        asksAgain ? ["expired-key", "expired-key"] : ["key", "key"],
      );
      expect(state.asked).toBe(asksAgain ? 2 : 1);
      expect(memory.knows("h")).toBe(!asksAgain);
    }),
  );
});
