import type { Box } from "../../../_canvas/layout.ts";

/** A line along which a box that is moved lies with others: at one x from y to y, or at one y from x to x. */
export interface HelperLine {
  readonly axis: Axis;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export type Axis = "x" | "y";

/** A box after it was drawn to others, and the lines that say to which. */
interface Snapped {
  readonly x: number;
  readonly y: number;
  readonly lines: readonly HelperLine[];
}

const AXES: readonly Axis[] = ["x", "y"];
const LENGTH = { x: "width", y: "height" } as const;
const ACROSS = { x: "y", y: "x" } as const;

/** Halves of odd sizes lie between two pixels. */
const SAME = 0.5;

const edgesOf = (box: Box, axis: Axis): readonly number[] => {
  const [start, length] = [box[axis], box[LENGTH[axis]]];
  return [start, start + length / 2, start + length];
};

/**
 * Draws a box to the edges and middles of others that are near.
 * @param reach how far it is drawn, in pixels of the canvas; along an axis without one it stays
 */
export function snapBox(
  box: Box,
  others: readonly Box[],
  reach: Readonly<Partial<Record<Axis, number>>>,
): Snapped {
  const [x = box.x, y = box.y] = AXES.map(
    (axis) => box[axis] + findShift(box, others, { axis, reach: reach[axis] ?? 0 }),
  );
  const snapped = { ...box, x, y };
  return { x, y, lines: AXES.flatMap((axis) => listLines(snapped, others, axis)) };
}

/** The shortest way to an edge or middle; nothing where one lies there already, or none is near. */
function findShift(box: Box, others: readonly Box[], { axis, reach }: Reach): number {
  const own = edgesOf(box, axis);
  const [best = 0] = others
    .flatMap((other) => edgesOf(other, axis).flatMap((at) => own.map((edge) => at - edge)))
    .filter((shift) => Math.abs(shift) <= reach)
    .toSorted((one, other) => Math.abs(one) - Math.abs(other));
  return Math.abs(best) <= SAME ? 0 : Math.round(best);
}

interface Reach {
  readonly axis: Axis;
  readonly reach: number;
}

function listLines(box: Box, others: readonly Box[], axis: Axis): readonly HelperLine[] {
  const across = ACROSS[axis];
  return edgesOf(box, axis).flatMap((at) => {
    const met = others.filter((other) => edgesOf(other, axis).some((edge) => Math.abs(edge - at) <= SAME));
    if (met.length === 0) return [];
    const ends = [box, ...met].flatMap((one) => [one[across], one[across] + one[LENGTH[across]]]);
    return [{ axis, at, from: Math.min(...ends), to: Math.max(...ends) }];
  });
}

/** The box around boxes. */
export function encloseBoxes(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) - y,
  };
}
