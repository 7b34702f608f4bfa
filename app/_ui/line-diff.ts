export interface DiffLine {
  readonly kind: "added" | "removed" | "same";
  readonly text: string;
  /** Different for every line of one comparison. */
  readonly key: string;
}

interface Texts {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The number of lines both have in common from each pair of lines on. */
  readonly common: readonly (readonly number[])[];
}

/** Pairs of lines that are compared, at most: a million take about 20 ms. */
const MOST_PAIRS = 1_000_000;

/** Lists the lines that were added and removed between two texts, by their longest common subsequence. Long texts with little in common are told as one change. */
export function diffLines(textBefore: string, textAfter: string): readonly DiffLine[] {
  return diffParts(splitLines(textBefore.trimEnd()), splitLines(textAfter.trimEnd()));
}

/** Lists the parts, such as lines or words, that were added and removed between two lists, by their longest common subsequence. */
export function diffParts(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const start = countCommon(before, after);
  const end = countCommon(before.slice(start).toReversed(), after.slice(start).toReversed());
  const inner = diffInner(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [
    ...keepLines("start", before.slice(0, start)),
    ...inner,
    ...keepLines("end", before.slice(before.length - end)),
  ];
}

/** A text that is empty has no line, rather than an empty one. */
const splitLines = (text: string): readonly string[] => (text === "" ? [] : text.split("\n"));

const keepLines = (where: string, lines: readonly string[]): readonly DiffLine[] =>
  lines.map((text, index) => ({ kind: "same", text, key: `${where} ${index}` }));

function countCommon(one: readonly string[], other: readonly string[]): number {
  const different = one.findIndex((line, index) => line !== other[index]);
  return different === -1 ? one.length : different;
}

function diffInner(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const isLong = before.length * after.length > MOST_PAIRS;
  const texts = { before, after, common: isLong ? [] : commonLengths(before, after) };
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const kind = nextKind(texts, i, j);
    const text = (kind === "added" ? after[j] : before[i]) ?? "";
    lines.push({ kind, text, key: `${i} ${j}` });
    if (kind !== "added") i += 1;
    if (kind !== "removed") j += 1;
  }
  return lines;
}

function nextKind({ before, after, common }: Texts, i: number, j: number): DiffLine["kind"] {
  if (i >= before.length) return "added";
  if (j >= after.length) return "removed";
  if (before[i] === after[j]) return "same";
  return at(common, i + 1, j) >= at(common, i, j + 1) ? "removed" : "added";
}

const at = (table: readonly (readonly number[])[], i: number, j: number) => table[i]?.[j] ?? 0;

function commonLengths(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const table: number[][] = [];
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const row: number[] = [];
    for (let j = after.length - 1; j >= 0; j -= 1) {
      row[j] =
        before[i] === after[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), row[j + 1] ?? 0);
    }
    table[i] = row;
  }
  return table;
}
