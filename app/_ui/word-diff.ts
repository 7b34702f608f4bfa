import { type DiffLine, diffParts } from "#/app/_ui/line-diff.ts";

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

/** Compares two texts word by word. */
export function diffWords(before: string, after: string): WordDiff {
  const words = diffParts(splitWords(before), splitWords(after));
  return {
    before: joinPieces(words.filter(({ kind }) => kind !== "added")),
    after: joinPieces(words.filter(({ kind }) => kind !== "removed")),
  };
}

/** Words, each with the space behind it. */
const splitWords = (text: string): readonly string[] => text.match(/\S+\s*|\s+/g) ?? [];

function joinPieces(words: readonly DiffLine[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { kind, text } of words) {
    const isCommon = kind === "same";
    const last = pieces.at(-1);
    if (last?.isCommon === isCommon) pieces[pieces.length - 1] = { ...last, text: last.text + text };
    else pieces.push({ text, isCommon, at });
    at += text.length;
  }
  return pieces;
}

/** Of what two texts have in common so many characters are shown beside each change. */
const AROUND = 80;

/** Shortens what is common, so that no change stands out of sight behind it. */
export const shortenCommon = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.map((piece, index) => {
    const { text, isCommon } = piece;
    const head = index === 0 ? 0 : AROUND;
    const tail = index === pieces.length - 1 ? 0 : AROUND;
    if (!isCommon || text.length <= head + tail + AROUND) return piece;
    return { ...piece, text: `${text.slice(0, head)} … ${text.slice(text.length - tail)}` };
  });
