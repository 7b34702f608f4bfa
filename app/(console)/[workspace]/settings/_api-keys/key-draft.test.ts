import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choosePreset, findLack, type KeyDraft, NEW_KEY, readKey, SINGLE_PERMISSIONS } from "./key-draft.ts";
import { nearnessOf, writeDay } from "./key-expiry.ts";

const NOW = Date.parse("2026-11-29T10:00:00Z");
const DAY_MS = 24 * 3_600_000;
const draft: KeyDraft = { ...NEW_KEY, name: " Import " };
const one = { id: "a", name: "Invoices" };

describe("a new key", () => {
  test("asks for what is chosen: what it may do, where, and until when", () => {
    const chosen = { ...draft, preset: "answer", workflows: [one, { id: "b", name: "B" }], expiry: "30" };
    expect(readKey(chosen, NOW)).toEqual({
      name: "Import",
      scopes: ["run", "runs:decide", "workflow:a", "workflow:b"],
      expiresAt: "2026-12-29T10:00:00.000Z",
    });
  });

  test("ends after 90 days unless somebody says otherwise, and never only if they say so", () => {
    expect(readKey(draft, NOW).expiresAt).toBe(new Date(NOW + 90 * DAY_MS).toISOString());
    expect(readKey({ ...draft, expiry: "never" }, NOW).expiresAt).toBeNull();
  });

  test("that ends on a date is valid on that whole day, where the person is", () => {
    const { expiresAt } = readKey({ ...draft, expiry: "date", date: "2027-01-31" }, NOW);
    expect(new Date(String(expiresAt)).getTime()).toBe(new Date(2027, 0, 31, 23, 59, 59).getTime());
  });

  test("with single permissions begins with those of the preset, and keeps what was changed", () => {
    const single = { ...draft, ...choosePreset({ ...draft, preset: "read" }, SINGLE_PERMISSIONS) };
    expect(single.permissions).toContain("documents:read");
    const changed = { ...single, permissions: ["runs:start"] as const };
    expect(readKey({ ...changed, ...choosePreset(changed, SINGLE_PERMISSIONS) }, NOW).scopes).toEqual([
      "runs:start",
    ]);
  });

  test.each<[string, Partial<KeyDraft>]>([
    ["a name", { name: " " }],
    ["a permission", { preset: SINGLE_PERMISSIONS }],
    ["a workflow", { workflows: [] }],
    ["a date", { expiry: "date" }],
    ["a date", { expiry: "date", date: "2026-11-27" }],
  ])("is not made without %s", (what, lacking) => {
    expect(findLack(draft, NOW)).toBeUndefined();
    expect(findLack({ ...draft, ...lacking }, NOW)).toContain(what);
  });
});

test("a key is marked in its last seven days, to the millisecond, and over at its end", () => {
  fc.assert(
    fc.property(fc.integer({ min: -10 * DAY_MS, max: 10 * DAY_MS }), (leftMs) => {
      const expected = leftMs <= 0 ? "over" : leftMs <= 7 * DAY_MS ? "soon" : "far";
      expect(nearnessOf(new Date(NOW + leftMs).toISOString(), NOW)).toBe(expected);
    }),
    { examples: [[0], [1], [7 * DAY_MS], [7 * DAY_MS + 1]] },
  );
  expect(nearnessOf(null, NOW)).toBe("none");
});

test("a day is written as fields for dates want it", () => {
  expect(writeDay(new Date(2027, 0, 5, 23, 59).getTime())).toBe("2027-01-05");
});
