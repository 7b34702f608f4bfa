import { expect, test } from "vitest";
import { retryAfterMs } from "#/lib/retry-after.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");

test.each([
  ["7", 7000],
  [" 0.5 ", 500],
  ["Sun, 29 Nov 2026 12:00:30 GMT", 30_000],
  ["Sunday, 29-Nov-26 12:01:00 GMT", 60_000],
  ["Sun, 29 Nov 2026 11:59:00 GMT", undefined],
  ["0", undefined],
  ["soon", undefined],
  ["", undefined],
  [undefined, undefined],
])("Retry-After %j is a wait of %s ms", (header, waitMs) => {
  expect(retryAfterMs(header, NOW)).toBe(waitMs);
});
