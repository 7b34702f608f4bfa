import * as fc from "fast-check";
import { expect, test } from "vitest";
import { explainExpiry, latestExpiry, readExpiry } from "#/operations/api-keys/expiry.ts";

const NOW = Date.parse("2026-11-29T10:00:00Z");
const moment = fc.integer({ min: NOW - 5_000, max: latestExpiry(NOW) + 5_000 });
const near = (at: number) => fc.integer({ min: at - 3, max: at + 3 });

test("a key may end from the next millisecond until five years from now, to the millisecond", () => {
  fc.assert(
    fc.property(fc.oneof(near(NOW), near(latestExpiry(NOW)), moment), (expiresAt) => {
      const isFine = explainExpiry(expiresAt, { now: NOW, makerExpiresAt: null }) === undefined;
      expect(isFine).toBe(expiresAt > NOW && expiresAt <= latestExpiry(NOW));
    }),
  );
});

test("a key that ends makes none that lives longer, and none that never ends", () => {
  fc.assert(
    fc.property(moment, fc.oneof(fc.constant(null), moment), (makerExpiresAt, expiresAt) => {
      if (explainExpiry(expiresAt, { now: NOW, makerExpiresAt }) !== undefined) return;
      expect(expiresAt ?? Infinity).toBeLessThanOrEqual(makerExpiresAt);
    }),
  );
});

test("a moment is read in its zone, and null is no end", () => {
  expect(readExpiry("2027-01-31T09:00:00+02:00")).toBe(Date.parse("2027-01-31T07:00:00Z"));
  expect(readExpiry(null)).toBeNull();
});

test.each(["2027-02-30T09:00:00Z", "2027-02-29T00:00:00Z", "2027-04-31T00:00:00Z"])(
  "%s, which no calendar has, is no end",
  (text) => {
    expect(explainExpiry(readExpiry(text), { now: NOW, makerExpiresAt: null })).toContain("must be a moment");
  },
);
