/** Things with a form of their own, found in running text. */

export function urlIn(text: string): string | undefined {
  return /https?:\/\/[^\s)>"'\]]+/.exec(text)?.[0].replace(/[.,;]$/, "");
}

export function emailIn(text: string): string | undefined {
  return /[\w.+-]+@[\w-]+\.[\w.]+/.exec(text)?.[0];
}

const ARITHMETIC = /(?:\b(?:sqrt|round|min|max|abs|log|exp)\s*)?[\d(][\d\s.,()+\-*/^%]*[\d)%]/g;
const HAS_OPERATION = /[\d)]\s*[-+*/^%]\s*[\d(]|^[a-z]+\(/;

/** Arithmetic written out, such as "(3 + 4) * 12". */
export function expressionIn(text: string): string | undefined {
  const candidates = text.match(ARITHMETIC) ?? [];
  return candidates.map((candidate) => candidate.trim()).find((candidate) => HAS_OPERATION.test(candidate));
}
