/** A mark of the source of a sentence, `[name#passage]`, outside of code. */
const MARK = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)|\[([^[\]\n<>]{1,200})#(\d{1,6})\](?!\()/g;

/** Makes each citation of a text an element `citation`, which the renderer knows. */
export const markCitations = (text: string): string =>
  text.replaceAll(MARK, (whole, ...[code, document = "", passage]: readonly (string | undefined)[]) => {
    if (code !== undefined) return whole;
    const name = escapeText(document);
    return `<citation document="${name}" passage="${passage}">${name}#${passage}</citation>`;
  });

/** A source that a sentence names. */
export interface Cited {
  readonly document: string;
  readonly passage: string;
}

/** Splits a text at its citations, which stand between what is written around them. */
export function splitAtCitations(text: string): readonly (string | Cited)[] {
  const parts: (string | Cited)[] = [];
  let from = 0;
  for (const { 0: whole, 2: document, 3: passage, index } of text.matchAll(MARK)) {
    if (document === undefined || passage === undefined) continue;
    parts.push(text.slice(from, index), { document, passage });
    from = index + whole.length;
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part !== "");
}

const ESCAPED: Readonly<Record<string, string>> = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

const escapeText = (text: string): string => text.replaceAll(/["&<>]/g, (sign) => ESCAPED[sign] ?? sign);
