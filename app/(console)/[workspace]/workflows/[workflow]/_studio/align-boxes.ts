import type { Box } from "../../../_canvas/layout.ts";
import type { Point } from "../../../_canvas/point.ts";
import { type Axis, encloseBoxes } from "./helper-lines.ts";

/** A box by the name of its node. */
export type NamedBox = Box & { readonly id: string };
type Moved = Point & { readonly id: string };

/** The ways to put boxes in order: to one edge or middle of what encloses them, or with equal space between them. */
export const ALIGNMENTS = ["left", "center", "right", "top", "middle", "bottom", "across", "down"] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

interface Rule {
  readonly axis: Axis;
  /** 0 for the start of the box around all, 1 for its end; undefined for equal space. */
  readonly at: number | undefined;
}

const RULES: Readonly<Record<Alignment, Rule>> = {
  left: { axis: "x", at: 0 },
  center: { axis: "x", at: 0.5 },
  right: { axis: "x", at: 1 },
  top: { axis: "y", at: 0 },
  middle: { axis: "y", at: 0.5 },
  bottom: { axis: "y", at: 1 },
  across: { axis: "x", at: undefined },
  down: { axis: "y", at: undefined },
};

/** So many boxes an alignment needs to change anything. */
export const leastBoxes = (how: Alignment): number => (RULES[how].at === undefined ? 3 : 2);

/** Puts boxes in order, and lists those that move; none where they are too few. */
export function alignBoxes(boxes: readonly NamedBox[], how: Alignment): readonly Moved[] {
  if (boxes.length < leastBoxes(how)) return [];
  const { axis, at } = RULES[how];
  const starts = at === undefined ? spread(boxes, axis) : gather(boxes, axis, at);
  return boxes.flatMap(({ id, x, y }) => {
    const start = Math.round(starts.get(id) ?? 0);
    const moved = axis === "x" ? { id, x: start, y } : { id, x, y: start };
    return moved.x === x && moved.y === y ? [] : [moved];
  });
}

const LENGTH = { x: "width", y: "height" } as const;

function gather(boxes: readonly NamedBox[], axis: Axis, at: number): ReadonlyMap<string, number> {
  const length = LENGTH[axis];
  const around = encloseBoxes(boxes);
  return new Map(boxes.map((box) => [box.id, around[axis] + at * (around[length] - box[length])]));
}

/** The first and the last stay; where there is not room enough, the boxes overlap equally. */
function spread(boxes: readonly NamedBox[], axis: Axis): ReadonlyMap<string, number> {
  const length = LENGTH[axis];
  const middleOf = (box: NamedBox) => box[axis] + box[length] / 2;
  const sorted = boxes.toSorted((one, other) => middleOf(one) - middleOf(other));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return new Map();
  const taken = sorted.reduce((sum, box) => sum + box[length], 0);
  const gap = (last[axis] + last[length] - first[axis] - taken) / (sorted.length - 1);
  let next = first[axis];
  return new Map(
    sorted.map((box) => {
      const start = next;
      next += box[length] + gap;
      return [box.id, start];
    }),
  );
}
