import { isRushed, spendWork } from "#/agents/definition/work.ts";

/** Something in a definition or an input that has to be fixed, and where. */
export interface Problem {
  /** JSON pointer, such as /edges/2/when/0/to. */
  readonly path: string;
  readonly message: string;
  readonly suggestion?: string;
  /** The rule that it breaks, where callers can answer it. */
  readonly code?: string;
  /** The keys of the steps on a path that it is about, in their order. */
  readonly steps?: readonly string[];
}

/** The problems of a part of a document, or what else has a path there, at its place in the whole. */
export function placed<Part extends { readonly path: string }>(
  path: string,
  problems: readonly Part[],
): Part[] {
  return problems.map((problem) => Object.assign({}, problem, { path: `${path}${problem.path}` }));
}

export function pointer(...keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

interface UnknownName {
  readonly path: string;
  /** Step, tool, agent … */
  readonly what: string;
  readonly name: string;
  readonly known: Iterable<string>;
}

/** A problem about a name that does not exist, with the nearest one that does. */
export function unknownName({ path, what, name, known }: UnknownName): Problem {
  if (isRushed()) return { path, message: `There is no ${what} named “${shortened(name)}”.` };
  const names = [...known];
  const suggestion = nearest(name, names);
  return {
    path,
    message: `There is no ${what} named “${shortened(name)}”.${listKnown(names)}`,
    ...(suggestion !== undefined && { suggestion }),
  };
}

const LISTED = 30;

/** The names that there are, as far as one likes to read them. */
export function listKnown(names: readonly string[]): string {
  if (names.length === 0) return "";
  const others = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return ` Known: ${names.slice(0, LISTED).join(", ")}${others}.`;
}

export const shortened = (name: string): string =>
  name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;

/** Longer names are no slips of each other. */
const LONGEST_NAME = 120;
/** So many names are compared with one that does not exist. */
export const MOST_COMPARED = 500;
const MOST_SLIPS = 8;

/** The closest name by edit distance, if it is close enough to be a slip. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > LONGEST_NAME || isRushed()) return undefined;
  const slips = Math.min(MOST_SLIPS, Math.max(2, Math.floor(name.length / 3)));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of known.slice(0, MOST_COMPARED)) {
    const distance = editDistance(
      name.toLowerCase(),
      candidate.toLowerCase(),
      best ? best.distance - 1 : slips,
    );
    if (distance !== undefined) best = { candidate, distance };
    if (distance === 0) break;
  }
  return best?.candidate;
}

/** Counts the letters that differ; undefined if more than `most`. Looks at no more than `most` letters to each side. */
function editDistance(a: string, b: string, most: number): number | undefined {
  spendWork(1);
  if (Math.abs(a.length - b.length) > most) return undefined;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    spendWork(4 + most);
    row = nextRow({ a, b, i, most }, row);
    if (Math.min(...row) > most) return undefined;
  }
  const distance = row[b.length] ?? Infinity;
  return distance <= most ? distance : undefined;
}

interface RowStep {
  readonly a: string;
  readonly b: string;
  readonly i: number;
  readonly most: number;
}

function nextRow({ a, b, i, most }: RowStep, row: readonly number[]): number[] {
  const next: number[] = Array.from({ length: b.length + 1 }, () => Infinity);
  if (i <= most) next[0] = i;
  for (let j = Math.max(1, i - most); j <= Math.min(b.length, i + most); j += 1) {
    const replaced = (row[j - 1] ?? Infinity) + (a[i - 1] === b[j - 1] ? 0 : 1);
    next[j] = Math.min((row[j] ?? Infinity) + 1, (next[j - 1] ?? Infinity) + 1, replaced);
  }
  return next;
}
