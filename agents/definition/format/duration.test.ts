import { expect, test } from "vitest";
import { isDuration, parseDuration } from "#/agents/definition/format/duration.ts";

test.each([
  ["30s", 30_000],
  ["5m", 300_000],
  ["24h", 86_400_000],
  ["7d", 604_800_000],
  ["1.5h", 5_400_000],
  [90, 90_000],
])("%s is a duration", (duration, ms) => {
  expect(parseDuration(duration)).toBe(ms);
});

test.each(["", "5", "-5m", "36501d", "1e3s", "5 weeks", "5m30s", Number.NaN, -1, Number.POSITIVE_INFINITY])(
  "“%s” is not a duration",
  (duration) => {
    expect(() => parseDuration(duration)).toThrow("is not a duration");
    expect(isDuration(String(duration))).toBe(false);
  },
);

test("a text without a unit, or too long a time, is told what to write", () => {
  expect(() => parseDuration("2")).toThrow("Give it a unit: 2s, 2m, 2h or 2d.");
  expect(() => parseDuration("999999999d")).toThrow("The longest is 36500d.");
  expect(() => parseDuration(1e300)).toThrow("is not a duration");
});
