/** A piece of a text that another text has too, or that it has not. */
export interface Piece {
  readonly text: string;
  readonly isCommon: boolean;
  /** Place in its text at which it begins. */
  readonly at: number;
}

/** Two texts as pieces: what is not common of `before` was removed, what is not common of `after` was added. */
export interface WordDiff {
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
}

/** Comparing takes the product of both lengths: longer texts are told as replaced. */
const MOST_WORDS = 600;

/** Compares two texts word by word, by their longest common subsequence. */
export function diffWords(before: string, after: string): WordDiff {
  const [ours, theirs] = [splitWords(before), splitWords(after)];
  if (ours.length > MOST_WORDS || theirs.length > MOST_WORDS) return replaced(before, after);
  const common = commonLengths(ours, theirs);
  const [kept, keptOther] = [new Set<number>(), new Set<number>()];
  let [i, j] = [0, 0];
  while (i < ours.length && j < theirs.length) {
    if (ours[i] === theirs[j]) {
      kept.add(i);
      keptOther.add(j);
      i += 1;
      j += 1;
    } else if (lengthAt(common, i + 1, j) >= lengthAt(common, i, j + 1)) i += 1;
    else j += 1;
  }
  return { before: joinPieces(ours, kept), after: joinPieces(theirs, keptOther) };
}

const replaced = (before: string, after: string): WordDiff => ({
  before: [{ text: before, isCommon: false, at: 0 }],
  after: [{ text: after, isCommon: false, at: 0 }],
});

/** Words, each with the space behind it. */
const splitWords = (text: string): readonly string[] => text.match(/\S+\s*|\s+/g) ?? [];

const lengthAt = (table: readonly (readonly number[])[], i: number, j: number) => table[i]?.[j] ?? 0;

function commonLengths(ours: readonly string[], theirs: readonly string[]): readonly (readonly number[])[] {
  const table: number[][] = [];
  for (let i = ours.length - 1; i >= 0; i -= 1) {
    const row: number[] = [];
    for (let j = theirs.length - 1; j >= 0; j -= 1)
      row[j] =
        ours[i] === theirs[j]
          ? lengthAt(table, i + 1, j + 1) + 1
          : Math.max(lengthAt(table, i + 1, j), row[j + 1] ?? 0);
    table[i] = row;
  }
  return table;
}

function joinPieces(words: readonly string[], kept: ReadonlySet<number>): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const [index, word] of words.entries()) {
    const isCommon = kept.has(index);
    const last = pieces.at(-1);
    if (last?.isCommon === isCommon) pieces[pieces.length - 1] = { ...last, text: last.text + word };
    else pieces.push({ text: word, isCommon, at });
    at += word.length;
  }
  return pieces;
}
