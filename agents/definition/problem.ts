/** Something in a definition or an input that has to be mended, and where. */
export interface Problem {
  /** JSON pointer, such as /edges/2/when/0/to. */
  readonly path: string;
  readonly message: string;
  readonly suggestion?: string;
}

/** The problems of a part of a document, at its place in the whole. */
export function placed(path: string, problems: readonly Problem[]): Problem[] {
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
  readonly known: readonly string[];
}

/** A problem about a name that does not exist, with the nearest one that does. */
export function unknownName({ path, what, name, known }: UnknownName): Problem {
  const suggestion = nearest(name, known);
  const list = known.length > 0 ? ` Known: ${known.join(", ")}.` : "";
  return { path, message: `There is no ${what} named “${name}”.${list}`, ...(suggestion !== undefined && { suggestion }) };
}

/** The closest name by edit distance, if it is close enough to be a slip. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }));
  const best = ranked.toSorted((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
