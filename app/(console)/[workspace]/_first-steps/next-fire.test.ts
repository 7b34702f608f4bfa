import { expect, test } from "vitest";
import { judgeFire, pickNext } from "./next-fire.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");

test.each([
  ["2026-11-30T12:00:01Z", "ahead"],
  ["2026-11-30T12:00:00Z", "due"],
  ["2026-11-30T11:59:13Z", "due"],
  ["2026-11-30T11:57:00Z", "late"],
])("a schedule that was to fire at %s is %s: nothing starts in the past", (nextFireAt, state) => {
  expect(judgeFire(nextFireAt, NOW)).toBe(state);
});

test("the schedule that fires first is told of, and none that is switched off", () => {
  const off = { enabled: false, nextFireAt: "2026-11-30T12:01:00Z" };
  const soon = { enabled: true, nextFireAt: "2026-11-30T13:00:00Z" };
  const later = { enabled: true, nextFireAt: "2026-11-30T14:00:00Z" };
  expect(pickNext([off, later, soon])).toBe(soon);
  expect(pickNext([off])).toBeUndefined();
});
