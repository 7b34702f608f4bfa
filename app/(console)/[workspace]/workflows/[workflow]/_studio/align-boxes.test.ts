import { assert, constantFrom, integer, property, record, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import { alignBoxes, ALIGNMENTS, type NamedBox } from "./align-boxes.ts";

const anyBoxes = uniqueArray(
  record({
    id: integer({ min: 0, max: 30 }).map(String),
    x: integer({ min: -500, max: 500 }),
    y: integer({ min: -500, max: 500 }),
    width: integer({ min: 1, max: 150 }).map((half) => 2 * half),
    height: integer({ min: 1, max: 150 }).map((half) => 2 * half),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);
const after = (boxes: readonly NamedBox[], how: (typeof ALIGNMENTS)[number]) => {
  const moved = new Map(alignBoxes(boxes, how).map((one) => [one.id, one]));
  return boxes.map((box) => Object.assign({}, box, moved.get(box.id)));
};

test("whatever is put in order lies in order, along one axis only, and a second time nothing moves", () => {
  assert(
    property(anyBoxes, constantFrom(...ALIGNMENTS), (boxes, how) => {
      const now = after(boxes, how);
      expect(alignBoxes(now, how).length).toBeLessThanOrEqual(
        how === "across" || how === "down" ? boxes.length : 0,
      );
      const isAlongX = ["left", "center", "right", "across"].includes(how);
      for (const [index, box] of now.entries())
        expect(isAlongX ? box.y : box.x).toBe(isAlongX ? boxes[index]?.y : boxes[index]?.x);
      if (boxes.length < 2) return;
      const edges = {
        left: now.map(({ x }) => x),
        center: now.map(({ x, width }) => x + width / 2),
        right: now.map(({ x, width }) => x + width),
        top: now.map(({ y }) => y),
        middle: now.map(({ y, height }) => y + height / 2),
        bottom: now.map(({ y, height }) => y + height),
        across: [],
        down: [],
      }[how];
      expect(Math.max(0, ...edges.map((edge) => edge - Math.min(...edges)))).toBeLessThanOrEqual(1);
    }),
  );
});

test("with equal space the first and the last stay, and the gaps are the same", () => {
  const box = (id: string, x: number) => ({ id, x, y: 0, width: 100, height: 40 });
  expect(alignBoxes([box("c", 500), box("a", 0), box("b", 120)], "across")).toEqual([
    { id: "b", x: 250, y: 0 },
  ]);
  expect(alignBoxes([box("a", 0), box("b", 120)], "across")).toEqual([]);
});

test("whatever is spread keeps its order, and all gaps are the same to a pixel", () => {
  assert(
    property(anyBoxes, (boxes) => {
      const order = boxes.toSorted((one, other) => middle(one) - middle(other)).map(({ id }) => id);
      const now = new Map(after(boxes, "down").map((box) => [box.id, box]));
      const spread = order.flatMap((id) => now.get(id) ?? []);
      const gaps = spread.slice(1).map((box, index) => box.y - endOf(spread[index]));
      expect(Math.max(0, ...gaps.map((gap) => gap - Math.min(...gaps)))).toBeLessThanOrEqual(
        boxes.length < 3 ? Number.POSITIVE_INFINITY : 1,
      );
    }),
  );
});

const middle = ({ y, height }: NamedBox) => y + height / 2;
const endOf = (box: NamedBox | undefined) => (box ? box.y + box.height : 0);
