import { expect, test } from "vitest";
import { isQuiet } from "./quiet-hours.ts";

const at = (text: string) => Date.parse(text);
const night = { from: 22 * 60, to: 7 * 60, timeZone: "Europe/Berlin" };

test.each([
  ["2026-01-10T20:59:00Z", false],
  ["2026-01-10T21:00:00Z", true],
  ["2026-01-11T05:59:59Z", true],
  ["2026-01-11T06:00:00Z", false],
  // Summer time: the same clock, another moment.
  ["2026-07-10T20:00:00Z", true],
  ["2026-07-11T05:00:00Z", false],
])("a night that begins at ten and ends at seven by the clock in Berlin: %s", (moment, quiet) => {
  expect(isQuiet(night, at(moment))).toBe(quiet);
});

test("hours within a day, where the clock is half an hour off", () => {
  const siesta = { from: 13 * 60, to: 15 * 60, timeZone: "Asia/Kolkata" };
  expect(isQuiet(siesta, at("2026-01-10T07:29:00Z"))).toBe(false);
  expect(isQuiet(siesta, at("2026-01-10T07:30:00Z"))).toBe(true);
  expect(isQuiet(siesta, at("2026-01-10T09:30:00Z"))).toBe(false);
});
