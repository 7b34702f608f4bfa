import { expect, test } from "vitest";
import { readFlow } from "../../../_canvas/flow-graph.ts";
import { type Chosen, keepKnown, select } from "./canvas-actions.ts";

const graph = readFlow({
  kind: "graph",
  steps: { one: { type: "set" } },
  edges: [{ from: "start", to: "one" }],
  ui: { notes: { one: { text: "Why", x: 0, y: 0 } } },
});

test("what is chosen after another node was deleted is the only one", () => {
  let chosen: Chosen = { nodes: ["two", "note:two"], edges: ["gone"] };
  const onSelect = (next: (before: Chosen) => Chosen) => (chosen = next(keepKnown(chosen, graph)));
  const rest = { onMove: () => {}, onResize: () => {}, onConnect: () => {}, onDrop: () => {} };
  select("nodes", [{ type: "select", id: "note:one", selected: true }], { onSelect, ...rest });
  expect(chosen).toEqual({ nodes: ["note:one"], edges: [] });
});

test("steps, notes and ways that are there stay chosen", () => {
  const chosen = { nodes: ["start", "one", "note:one"], edges: graph.edges.map(({ id }) => id) };
  expect(keepKnown(chosen, graph)).toEqual(chosen);
});
