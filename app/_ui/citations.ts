/** A mark of the source of a sentence, `[name#passage]`, outside of code. */
const MARK = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)|\[([^[\]\n<>]{1,200})#(\d{1,6})\](?!\()/g;

/** Makes each citation of a text an element `citation`, which the renderer knows. */
export const markCitations = (text: string): string =>
  text.replaceAll(MARK, (whole, ...[code, document = "", passage]: readonly (string | undefined)[]) => {
    if (code !== undefined) return whole;
    const name = escapeText(document);
    return `<citation document="${name}" passage="${passage}">${name}#${passage}</citation>`;
  });

const ESCAPED: Readonly<Record<string, string>> = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

const escapeText = (text: string): string => text.replaceAll(/["&<>]/g, (sign) => ESCAPED[sign] ?? sign);
