/** A part of a text: from its first sign until before its last. */
export type Mark = readonly [start: number, end: number];

export interface Fit {
  /** More is better. */
  readonly score: number;
  /** The places of the label that fit, in their order, none twice. */
  readonly marks: readonly Mark[];
}

/** As two texts are compared: small letters without accents, as many signs as before. */
function fold(text: string): string {
  return Array.from(text, (sign) => {
    const plain = sign.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return plain.length === sign.length ? plain : sign;
  }).join("");
}

/** The words of a search. */
export const splitWords = (text: string): readonly string[] => fold(text).split(/\s+/).filter(Boolean);

const AT_START = 4;
const AT_WORD = 3;
const INSIDE = 2;
const ELSEWHERE = 1;
/** Of two that fit alike the shorter one is meant. */
const PER_SIGN = 0.005;

const isLetter = (sign: string | undefined) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);

interface Found {
  readonly score: number;
  readonly mark: Mark;
}

/** Finds a word where it counts most: at the start, at the start of another word, or inside one. */
function findWord(text: string, word: string): Found | undefined {
  let inside: Found | undefined;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const mark = [at, at + word.length] as const;
    if (at === 0) return { score: AT_START, mark };
    if (!isLetter(text[at - 1])) return { score: AT_WORD, mark };
    inside ??= { score: INSIDE, mark };
  }
  return inside;
}

/**
 * Decides how well a label fits words: each must stand in the label, or begin a word of `also`, which counts less. Undefined where one does not; without
 * words everything fits alike.
 */
export function fitWords(label: string, words: readonly string[], also = ""): Fit | undefined {
  const text = fold(label);
  const besides = ` ${fold(also)}`;
  const marks: Mark[] = [];
  let score = -text.length * PER_SIGN;
  for (const word of words) {
    const found = findWord(text, word);
    if (found) marks.push(found.mark);
    else if (!besides.includes(` ${word}`)) return undefined;
    score += found?.score ?? ELSEWHERE;
  }
  return { score, marks: joinMarks(marks) };
}

/** Marks in their order, those that touch as one. */
function joinMarks(marks: readonly Mark[]): readonly Mark[] {
  const joined: Mark[] = [];
  for (const [start, end] of marks.toSorted(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last && start <= last[1]) joined[joined.length - 1] = [last[0], Math.max(last[1], end)];
    else joined.push([start, end]);
  }
  return joined;
}
