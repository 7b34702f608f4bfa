/** Shorter lines end where somebody has ended them: an address, a verse, a value behind its name. */
const SHORTEST_WRAPPED = 40;
/** A wrapped line is at least so long, as a part of the longest around it. */
const FULL = 0.6;

/** A line that begins something of its own: a heading, an item, a quotation, a row of a table, a line of a log, code. */
const BEGINS =
  /^(?:\s*(?:[-*+•–]|\d{1,3}[.)]|[a-z][.)])\s|#{1,6}\s|>|\||\t| {4}|\s*[{}[\]<]|\[?\d{4}-\d\d-\d\d)/i;
/** A line that only what is read line by line has: columns, or the end of a statement. */
const STRUCTURED = /\t|\S {3,}\S|\|.*\||[;{}]$|\\$/;
const FENCE = /^\s*(?:```|~~~)/;

/**
 * Takes the line breaks out of prose that was wrapped where it was written, so that it fits where it is shown. Paragraphs, lists, tables, code and short
 * lines stay as they are.
 */
export function reflow(text: string): string {
  const lines = text.split("\n");
  const widest = lines.reduce((most, { length }) => Math.max(most, length), 0);
  let isFenced = false;
  return lines.reduce((written, line, index) => {
    if (index === 0) {
      isFenced = FENCE.test(line);
      return line;
    }
    const before = lines[index - 1] ?? "";
    const isWrapped = !isFenced && !FENCE.test(line) && continues(before, line, widest);
    if (FENCE.test(line)) isFenced = !isFenced;
    return isWrapped ? written + joint(before) + line.trimStart() : `${written}\n${line}`;
  }, "");
}

function continues(before: string, line: string, widest: number): boolean {
  if (before.length < Math.max(SHORTEST_WRAPPED, FULL * widest) || line.trim() === "") return false;
  // Two spaces at its end are how Markdown ends a line.
  if (before.endsWith("  ") || /^#{1,6}\s/.test(before)) return false;
  return !BEGINS.test(line) && !STRUCTURED.test(before) && !STRUCTURED.test(line);
}

/** A word that was divided at its hyphen is one word. */
const joint = (before: string): string => (/\p{L}-$/u.test(before) ? "" : " ");
