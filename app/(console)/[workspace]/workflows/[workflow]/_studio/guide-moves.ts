import type { NodeChange } from "@xyflow/react";
import type { CanvasNode } from "../../../_canvas/canvas-nodes.tsx";
import type { Box } from "../../../_canvas/layout.ts";
import type { Point } from "../../../_canvas/point.ts";
import { type Axis, encloseBoxes, type HelperLine, snapBox } from "./helper-lines.ts";

type Change = NodeChange<CanvasNode>;

/** Moves as they are to be, and the lines that they follow, in places of the canvas. */
interface Guided {
  readonly changes: Change[];
  readonly lines: readonly HelperLine[];
}

interface Moving {
  readonly changes: readonly Change[];
  readonly nodes: readonly CanvasNode[];
  /** By a key and not by hand: what moves does so along one axis, all alike, and is not drawn back. */
  readonly isStep: boolean;
}

/** Nodes are drawn to others that are so near; less than a step of the grid, so that they come away again. */
const REACH = 6;

/** Draws nodes that are moved to the edges and middles of those that stay, where all of them lie in the same frame or in none. */
export function guideMoves(moving: Moving): Guided {
  const { changes, nodes, isStep } = moving;
  const targets = new Map(changes.flatMap(readTarget));
  const moved = nodes.filter(({ id }) => targets.has(id));
  const [first, ...others] = moved;
  if (!first || others.some(({ parentId }) => parentId !== first.parentId))
    return { changes: [...changes], lines: [] };
  const goal = isStep ? stepAll(moved, targets.get(first.id) ?? first.position) : targets;
  const around = encloseBoxes(moved.map((node) => measure(node, goal.get(node.id))));
  const staying = nodes.filter(
    ({ id, parentId, type }) => parentId === first.parentId && type !== "group" && !targets.has(id),
  );
  const before = encloseBoxes(moved.map((node) => measure(node)));
  const snapped = snapBox(
    around,
    staying.map((node) => measure(node)),
    isStep ? reachAhead(before, around) : { x: REACH, y: REACH },
  );
  const shift = { x: snapped.x - around.x, y: snapped.y - around.y };
  return {
    changes: changes.map((change) => moveChange(change, goal, shift)),
    lines: placeLines(snapped.lines, nodes.find(({ id }) => id === first.parentId)?.position),
  };
}

const readTarget = (change: Change): readonly (readonly [string, Point])[] =>
  change.type === "position" && change.dragging !== undefined && change.position
    ? [[change.id, change.position]]
    : [];

const measure = (node: CanvasNode, { x, y }: Point = node.position): Box => ({
  x,
  y,
  width: node.measured?.width ?? node.width ?? node.initialWidth ?? 0,
  height: node.measured?.height ?? node.height ?? node.initialHeight ?? 0,
});

/** Lets all nodes go as far as the first one does along its way: the grid would push each of them by itself. */
function stepAll(moved: readonly CanvasNode[], to: Point): ReadonlyMap<string, Point> {
  const from = moved[0]?.position ?? to;
  const [x, y] = [to.x - from.x, to.y - from.y];
  const step = Math.abs(x) >= Math.abs(y) ? { x, y: 0 } : { x: 0, y };
  return new Map(
    moved.map(({ id, position }) => [id, { x: position.x + step.x, y: position.y + step.y }] as const),
  );
}

/** A step reaches along its own axis, and never back to where it came from. */
function reachAhead(before: Box, after: Box): Readonly<Partial<Record<Axis, number>>> {
  const axis = after.x === before.x ? "y" : "x";
  return { [axis]: Math.min(REACH, Math.abs(after[axis] - before[axis]) - 1) };
}

function moveChange(change: Change, goal: ReadonlyMap<string, Point>, shift: Point): Change {
  const to = change.type === "position" ? goal.get(change.id) : undefined;
  if (change.type !== "position" || !to) return change;
  return { ...change, position: { x: to.x + shift.x, y: to.y + shift.y } };
}

/** Lines of what lies in a frame, told as places of the canvas. */
function placeLines(lines: readonly HelperLine[], frame: Point = { x: 0, y: 0 }): readonly HelperLine[] {
  return lines.map(({ axis, at, from, to }) => {
    const [along, across] = axis === "x" ? [frame.x, frame.y] : [frame.y, frame.x];
    return { axis, at: at + along, from: from + across, to: to + across };
  });
}
