import { array, assert, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { encloseBoxes, snapBox } from "./helper-lines.ts";

const box = (x: number, y: number, width = 100, height = 40) => ({ x, y, width, height });
const BOTH = { x: 6, y: 6 };

test("an edge or a middle that is near is taken, and a line leads to it", () => {
  expect(snapBox(box(4, 100), [box(0, 0)], BOTH)).toEqual({
    x: 0,
    y: 100,
    lines: [
      { axis: "x", at: 0, from: 0, to: 140 },
      { axis: "x", at: 50, from: 0, to: 140 },
      { axis: "x", at: 100, from: 0, to: 140 },
    ],
  });
  expect(snapBox(box(97, 300, 60), [box(0, 0)], BOTH)).toMatchObject({ x: 100, y: 300 });
  expect(snapBox(box(19, 300, 60), [box(0, 0)], BOTH)).toMatchObject({ x: 20, lines: [{ at: 50 }] });
});

test("what is far stays where it is, and so does an axis without reach", () => {
  expect(snapBox(box(207, 100), [box(0, 0)], BOTH)).toEqual({ x: 207, y: 100, lines: [] });
  expect(snapBox(box(4, 3), [box(0, 0)], { y: 6 })).toMatchObject({ x: 4, y: 0 });
});

const anyBox = record({
  x: integer({ min: -500, max: 500 }),
  y: integer({ min: -500, max: 500 }),
  width: integer({ min: 1, max: 300 }),
  height: integer({ min: 1, max: 300 }),
});

test("wherever boxes lie: no further than the reach, whole pixels, each line on an edge of both, and once drawn it stays", () => {
  assert(
    property(anyBox, array(anyBox), integer({ min: 0, max: 20 }), (moved, others, reach) => {
      const { x, y, lines } = snapBox(moved, others, { x: reach, y: reach });
      expect(Math.abs(x - moved.x)).toBeLessThanOrEqual(reach);
      expect(Math.abs(y - moved.y)).toBeLessThanOrEqual(reach);
      expect([x, y].every(Number.isInteger)).toBe(true);
      const there = { ...moved, x, y };
      for (const { axis, at, from, to } of lines) {
        const length = axis === "x" ? "width" : "height";
        const isOn = (one: typeof moved) =>
          [0, one[length] / 2, one[length]].some((offset) => Math.abs(one[axis] + offset - at) <= 0.5);
        expect(isOn(there) && others.some(isOn)).toBe(true);
        expect(to).toBeGreaterThan(from);
      }
      expect(snapBox(there, others, { x: reach, y: reach })).toMatchObject({ lines });
    }),
  );
});

test("the box around boxes holds them all", () => {
  expect(encloseBoxes([box(0, 0), box(50, 80, 10, 10)])).toEqual(box(0, 0, 100, 90));
});
