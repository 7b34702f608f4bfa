import { seededRandom } from "#/tests/support/random.ts";

/** The luck of one world. Every place in it has a stream of its own: what happens at one does not change what happens at another. */
export class Luck {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  at(place: string): () => number {
    return seededRandom(hashText(`${this.#seed} ${place}`));
  }
}

/** An id that is the same whenever the seed is. */
export function idFrom(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`;
}

export function pick<T>(random: () => number, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}

/** FNV-1a. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
