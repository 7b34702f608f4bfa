import { expect, test } from "vitest";
import { readFlow } from "./flow-graph.ts";
import { boxAround, placeNodes } from "./layout.ts";

const STEPS = { a: { type: "set" }, b: { type: "set" }, c: { type: "set" } };
const EDGES = [
  { from: "start", to: "a" },
  { from: "a", to: "b" },
  { from: "a", to: "c" },
  { from: ["b", "c"], to: "end" },
];
const place = (ui?: object) => placeNodes(readFlow({ kind: "graph", steps: STEPS, edges: EDGES, ui }));
const isApart = (boxes: ReturnType<typeof place>) => {
  const all = [...boxes.values()];
  return all.every((one, index) =>
    all
      .slice(index + 1)
      .every(
        (other) =>
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y,
      ),
  );
};

test("no two steps lie on each other, and each lies below what leads to it", () => {
  const boxes = place();
  expect(isApart(boxes)).toBe(true);
  expect(boxes.get("b")?.y).toBeGreaterThan((boxes.get("a")?.y ?? 0) + 30);
});

test("a step stands where it was put, and a new one finds room below what leads to it", () => {
  const positions = {
    start: { x: 0, y: 0 },
    a: { x: 500, y: 100 },
    b: { x: 500, y: 200 },
    end: { x: 0, y: 900 },
  };
  const boxes = place({ positions });
  expect(boxes.get("a")).toMatchObject({ x: 500, y: 100 });
  expect(boxes.get("c")?.x).toBeGreaterThan(500 + 248);
  expect(isApart(boxes)).toBe(true);
});

test("what a map does lies inside its frame", () => {
  const each = { type: "map", do: { steps: STEPS, edges: EDGES.slice(0, 3) } };
  const boxes = placeNodes(
    readFlow({ kind: "graph", steps: { each }, edges: [{ from: "start", to: "each" }] }),
  );
  const frame = boxes.get("each");
  for (const name of ["a", "b", "c"]) {
    const box = boxes.get(`each/${name}`);
    expect(box && frame && box.x + box.width <= frame.width && box.y + box.height <= frame.height).toBe(true);
  }
});

test("the line around a crew or a loop, with its name, stays clear of what is not in it", () => {
  const flows = [
    { kind: "crew", tasks: [{ id: "b" }, { id: "c" }] },
    {
      kind: "graph",
      steps: STEPS,
      edges: [
        { from: "start", to: "a" },
        { from: "a", to: "b" },
        { from: "b", to: "c" },
        { from: "c", when: [{ if: "true", to: "b", max: 2 }], else: "end" },
      ],
    },
  ].map((definition) => readFlow(definition));
  for (const flow of flows) {
    const boxes = placeNodes(flow);
    const frame = boxAround(["b", "c"].flatMap((name) => boxes.get(name) ?? []));
    const others = [...boxes].filter(([name]) => name !== "b" && name !== "c");
    expect(flow.groups).toMatchObject([{ members: ["b", "c"] }]);
    expect(others.length).toBeGreaterThan(1);
    expect(frame && isApart(new Map([["frame", frame], ...others]))).toBe(true);
  }
});

test("five hundred steps are placed", () => {
  const names = Array.from({ length: 500 }, (_, index) => `s${index}`);
  const steps = Object.fromEntries(names.map((name) => [name, { type: "set" }]));
  const edges = names.map((name, index) => ({
    from: index === 0 ? "start" : `s${Math.floor(index / 2)}`,
    to: name,
  }));
  expect(placeNodes(readFlow({ kind: "graph", steps, edges })).size).toBe(502);
});
