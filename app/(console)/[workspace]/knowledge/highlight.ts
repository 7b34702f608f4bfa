export interface Piece {
  /** The offset at which it begins in the text. */
  readonly at: number;
  readonly text: string;
  readonly isMatch: boolean;
}

/** Words shorter than this mark nothing: they are in every sentence. */
const SHORTEST_WORD = 4;

/** Cuts a text where words begin as a word of the query does. */
export function splitByWords(text: string, query: string): readonly Piece[] {
  const words = (query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter(
    (word) => word.length >= SHORTEST_WORD,
  );
  if (words.length === 0) return [{ at: 0, text, isMatch: false }];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})[\\p{L}\\p{N}]*`, "giu");
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) pieces.push({ at: end, text: text.slice(end, match.index), isMatch: false });
    pieces.push({ at: match.index, text: match[0], isMatch: true });
    end = match.index + match[0].length;
  }
  return end < text.length ? [...pieces, { at: end, text: text.slice(end), isMatch: false }] : pieces;
}
