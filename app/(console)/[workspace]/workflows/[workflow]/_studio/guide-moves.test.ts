import type { NodeChange } from "@xyflow/react";
import { expect, test } from "vitest";
import type { CanvasNode } from "../../../_canvas/canvas-nodes.tsx";
import { guideMoves } from "./guide-moves.ts";

const note = { id: "", text: "", x: 0, y: 0, width: 100, height: 40, color: "grey" as const };
const node = (id: string, x: number, y: number, parentId?: string): CanvasNode => ({
  id,
  type: "note",
  position: { x, y },
  width: 100,
  height: 40,
  data: { note },
  ...(parentId !== undefined && { parentId }),
});
const move = (id: string, x: number, y: number, dragging = true): NodeChange<CanvasNode> => ({
  id,
  type: "position",
  position: { x, y },
  dragging,
});
const places = (changes: readonly NodeChange<CanvasNode>[]) =>
  changes.flatMap((change) => (change.type === "position" ? [change.position] : []));

test("what is dragged is drawn to what is near, several nodes as one", () => {
  const nodes = [node("a", 0, 0), node("b", 300, 200), node("c", 300, 260)];
  const dragged = guideMoves({ changes: [move("b", 5, 300), move("c", 5, 360)], nodes, isStep: false });
  expect(places(dragged.changes)).toEqual([
    { x: 0, y: 300 },
    { x: 0, y: 360 },
  ]);
  expect(dragged.lines[0]).toEqual({ axis: "x", at: 0, from: 0, to: 400 });
});

test("a step by a key stays on its axis, stops at an edge ahead, and comes away from one", () => {
  const nodes = [node("a", 3, 0), node("b", 12, 200)];
  const step = (x: number, y: number, from = nodes) =>
    places(guideMoves({ changes: [move("b", x, y, false)], nodes: from, isStep: true }).changes)[0];
  // The grid has pushed it from 12 to 8 though it went down.
  expect(step(8, 208)).toEqual({ x: 12, y: 208 });
  expect(step(0, 200)).toEqual({ x: 3, y: 200 });
  expect(step(8, 200, [node("a", 3, 0), node("b", 3, 200)])?.x).toBeGreaterThan(3);
});

test("lines in a frame are told where the frame is; what lies in different frames is left alone", () => {
  const nodes = [node("m", 1000, 500), node("m/a", 20, 40, "m"), node("m/b", 200, 90, "m"), node("x", 0, 0)];
  const inside = guideMoves({ changes: [move("m/b", 22, 200)], nodes, isStep: false });
  expect(places(inside.changes)).toEqual([{ x: 20, y: 200 }]);
  expect(inside.lines[0]).toEqual({ axis: "x", at: 1020, from: 540, to: 740 });
  const changes = [move("m/b", 22, 200), move("x", 3, 3)];
  expect(guideMoves({ changes, nodes, isStep: false })).toEqual({ changes, lines: [] });
});

test("what is no move is left as it is", () => {
  const changes: NodeChange<CanvasNode>[] = [{ type: "select", id: "a", selected: true }];
  expect(guideMoves({ changes, nodes: [node("a", 0, 0)], isStep: true })).toEqual({ changes, lines: [] });
});
