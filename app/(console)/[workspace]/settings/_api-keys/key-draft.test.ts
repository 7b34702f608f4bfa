import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrangeKey } from "./arrange-key.ts";
import {
  choosePreset,
  findLack,
  type KeyDraft,
  NEW_KEY,
  restoreKey,
  SINGLE_PERMISSIONS,
  writeEnd,
} from "./key-draft.ts";
import { findEnd, nearnessOf, writeDay } from "./key-expiry.ts";

const NOW = Date.parse("2026-11-29T10:00:00Z");
const DAY_MS = 24 * 3_600_000;
const draft: KeyDraft = { ...NEW_KEY, name: " Import " };

/** The fields of a form, as they come to the operation's arrangement. */
const form = (fields: Readonly<Record<string, readonly string[]>>) =>
  arrangeKey({ name: "Import", preset: ["start"], expiry: ["90"], date: [""], ...fields }, NOW);

describe("a new key", () => {
  test("asks for what is chosen: what it may do, where, and until when", () => {
    expect(form({ preset: ["answer"], workflow: ["a", "b"], expiry: ["30"] })).toEqual({
      name: "Import",
      scopes: ["run", "runs:decide", "workflow:a", "workflow:b"],
      expiresAt: "2026-12-29T10:00:00.000Z",
    });
  });

  test("ends after 90 days unless somebody says otherwise, and never only if they say so", () => {
    expect(NEW_KEY.expiry).toBe("90");
    expect(form({})).toMatchObject({ expiresAt: new Date(NOW + 90 * DAY_MS).toISOString() });
    expect(form({ expiry: ["never"] })).toMatchObject({ expiresAt: null });
  });

  test("that ends on a date is valid on that whole day: where the person is, or in UTC where no script says where that is", () => {
    const day = { expiry: "date", date: "2027-01-31" };
    const here = new Date(2027, 0, 31, 23, 59, 59).toISOString();
    expect(writeEnd(findEnd(day, NOW))).toBe(here);
    const sent = { expiry: ["date"], date: ["2027-01-31"] };
    expect(form(sent)).toMatchObject({ expiresAt: "2027-01-31T23:59:59.000Z" });
    expect(arrangeKey({ ...sent, expiresAt: here }, NOW)).toMatchObject({ expiresAt: here });
    expect(arrangeKey({ ...sent, expiresAt: null }, NOW)).toMatchObject({ expiresAt: null });
  });

  test("without a day to end on is refused", () => {
    expect(form({ expiry: ["date"] })).toMatchObject({ expiresAt: "1970-01-01T00:00:00.000Z" });
  });

  test("asked for again later asks for the same moment", () => {
    const sent = { preset: ["start"], expiry: ["30"], openedAt: [String(NOW)] };
    expect(arrangeKey(sent, NOW + DAY_MS)).toEqual(arrangeKey(sent, NOW));
  });

  test("takes ticked permissions only where they are what was chosen", () => {
    const permission = ["runs:start"];
    expect(form({ permission })).toMatchObject({ scopes: ["run"] });
    expect(form({ permission, preset: [SINGLE_PERMISSIONS] })).toMatchObject({ scopes: permission });
    expect(form({ preset: [SINGLE_PERMISSIONS] })).not.toHaveProperty("scopes");
  });

  test("with single permissions begins with those of the preset, and keeps what was changed", () => {
    const single = { ...draft, ...choosePreset({ ...draft, preset: "read" }, SINGLE_PERMISSIONS) };
    expect(single.permissions).toContain("documents:read");
    const changed = { ...single, permissions: ["runs:start"] as const };
    expect({ ...changed, ...choosePreset(changed, SINGLE_PERMISSIONS) }.permissions).toEqual(["runs:start"]);
  });

  test("that was refused is filled in as it was sent", () => {
    const sent = { name: ["N"], preset: [SINGLE_PERMISSIONS], permission: ["runs:start"], workflow: ["a"] };
    expect(restoreKey({ ...sent, expiry: ["date"], date: ["2027-01-31"] })).toMatchObject({
      name: "N",
      preset: SINGLE_PERMISSIONS,
      permissions: ["runs:start"],
      workflows: [{ id: "a" }],
      expiry: "date",
      date: "2027-01-31",
    });
    expect(restoreKey({})).toEqual(NEW_KEY);
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
