import { expect, test } from "vitest";
import { pickToday } from "./decided-today.ts";
import { writeDue } from "./write-due.ts";

// Noon of the day where the tests run.
const NOON = new Date(2026, 10, 30, 12).getTime();
const at = (hours: number) => new Date(NOON + hours * 3_600_000).toISOString();

test.each([
  [-2, "2 h late"],
  [-50, "2 d late"],
  [1.5, "1 h 30 min"],
  [6, "today 18:00"],
  [24, "Tue"],
  [12 * 24, "12 Dec"],
])("a deadline in %d hours is written %s", (hours, words) => {
  expect(writeDue(at(hours), NOON)).toBe(words);
});

test("decisions of today are those since midnight where the reader is, ten at most", () => {
  const decided = [
    { decidedAt: at(-1) },
    { decidedAt: at(-11.9) },
    { decidedAt: at(-12.1) },
    { decidedAt: null },
  ];
  expect(pickToday(decided, NOON)).toEqual([{ decidedAt: at(-1) }, { decidedAt: at(-11.9) }]);
  expect(
    pickToday(
      Array.from({ length: 30 }, () => ({ decidedAt: at(-1) })),
      NOON,
    ),
  ).toHaveLength(10);
});
