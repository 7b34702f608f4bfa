/** A stretch of a text and what stands there instead. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const inOrder = (splices: readonly Splice[]) => splices.toSorted((a, b) => a.from - b.from || a.to - b.to);

/** Replaces stretches that do not overlap. What lies between them keeps its bytes. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const splice of inOrder(splices)) {
    pieces.push(text.slice(at, splice.from), splice.text);
    at = Math.max(at, splice.to);
  }
  return pieces.join("") + text.slice(at);
}

/** Returns the splice that turns `after` back into `before`: one stretch, from the first difference to the last. */
export function spliceBetween(before: string, after: string): Splice {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { from: head, to: after.length - tail, text: before.slice(head, before.length - tail) };
}
