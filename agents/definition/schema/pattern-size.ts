/** One token of a regular expression, as far as its size matters: an escape, a class, a bracket, a repetition, any other character. */
const TOKEN = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|\((?:\?(?:P?<\w+>|[a-zA-Z-]*:?))?|[^]/gs;

/** About as many instructions as a regular expression has when its repetitions are written out. Never much too few. */
export function patternSize(pattern: string): number {
  const groups: number[] = [];
  let size = 0;
  let last = 0;
  for (const [token, least, most] of pattern.matchAll(TOKEN)) {
    if (token.startsWith("(")) {
      groups.push(size + last);
      [size, last] = [0, 0];
    } else if (token === ")") {
      last += size + 2;
      size = groups.pop() ?? 0;
    } else if (least !== undefined) {
      last *= Math.max(1, Number(most === undefined || most === "" ? least : most) + (most === "" ? 1 : 0));
    } else {
      size += last;
      last = 1;
    }
  }
  return groups.reduce((sum, outer) => sum + outer, size + last);
}
