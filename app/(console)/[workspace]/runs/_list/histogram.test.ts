import { expect, test } from "vitest";
import { BAR_MS, buildBars, markStretch, sumUp } from "./histogram.ts";

const NOW = Date.parse("2026-11-29T12:07:00Z");
const at = (bar: number) => new Date(Math.floor(NOW / BAR_MS) * BAR_MS - bar * BAR_MS).toISOString();

test("a day has 72 bars, and the last one is now", () => {
  const bars = buildBars(
    [
      { at: at(0), status: "failed", count: 2 },
      { at: at(0), status: "timed_out", count: 1 },
      { at: at(71), status: "succeeded", count: 5 },
      { at: at(72), status: "succeeded", count: 7 },
    ],
    NOW,
  );
  expect(bars).toHaveLength(72);
  expect(bars.at(-1)).toMatchObject({ total: 3, counts: { failed: 3 } });
  expect(bars[0]).toMatchObject({ total: 5 });
  expect(bars.reduce((sum, { total }) => sum + total, 0)).toBe(8);
});

test("every status is in one group", () => {
  expect(
    sumUp([
      { at: at(0), status: "paused", count: 1 },
      { at: at(0), status: "retrying", count: 2 },
    ]),
  ).toEqual({
    succeeded: 0,
    cancelled: 0,
    running: 2,
    waiting: 1,
    failed: 0,
  });
});

test("a mark reaches from the beginning of the first bar to the end of the last, whichever way it was drawn", () => {
  const bars = buildBars([], NOW);
  expect(markStretch(bars, [71, 70])).toEqual(markStretch(bars, [70, 71]));
  expect(markStretch(bars, [71, 71])).toEqual({
    from: at(0),
    to: new Date(Date.parse(at(0)) + BAR_MS).toISOString(),
  });
});
