import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const NOW = Date.UTC(2026, 0, 1);

test.each([
  ["2", 2000],
  ["1.2345", 1235],
  ["0.0001", 1],
  ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
  ["99999999999999999999", 86_400_000],
  ["9".repeat(400), 86_400_000],
  ["Fri, 31 Dec 9999 23:59:59 GMT", 86_400_000],
  ["0", undefined],
  ["Wed, 31 Dec 2025 23:59:59 GMT", undefined],
  ["soon", undefined],
  [undefined, undefined],
])("a server that says %s is waited for %s ms", (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
});

test("whatever a server says, the wait is a whole number of milliseconds within a day", () => {
  assert(
    property(string(), (header) => {
      const waitMs = retryAfterMs(header, NOW) ?? 1;
      expect(Number.isInteger(waitMs) && waitMs > 0 && waitMs <= 86_400_000).toBe(true);
    }),
  );
});
