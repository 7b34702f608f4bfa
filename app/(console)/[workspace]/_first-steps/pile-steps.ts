import type { PiledStone } from "#/app/_ui/stone-pile.tsx";

/** Says of each step what its stone is: those that are done lie, the first that is not is where somebody is. */
export function nameStones(done: readonly boolean[]): readonly PiledStone[] {
  const here = done.indexOf(false);
  return done.map((isDone, step) => (isDone ? "laid" : step === here ? "here" : "open"));
}

/** Piles stones as they lie: a step that was done before its turn leaves no gap below it. */
export const pileUp = (stones: readonly PiledStone[]): readonly PiledStone[] =>
  (["laid", "here", "open"] as const).flatMap((kind) => stones.filter((stone) => stone === kind));
