interface Selection {
  readonly start: number;
  readonly end: number;
}

/** A change of a text: what is replaced, by what, and what is selected afterwards. */
export interface Edit {
  readonly replaced: Selection;
  readonly text: string;
  readonly selected: Selection;
}

const INDENT = "  ";
/** A key whose value follows on the next lines: `steps:` or `prompt: |-`. */
const OPENS_BLOCK = /:(?: [|>][-+]?)?\s*$/;

/** Tab: moves the selected lines to the right; within a line it puts spaces at the cursor. */
export function indent(text: string, selection: Selection): Edit {
  const { start, end } = selection;
  if (!text.slice(start, end).includes("\n")) return insertion(selection, INDENT);
  return shiftLines(text, selection, (line) => (line === "" ? line : INDENT + line));
}

/** Shift and Tab: moves the line of the cursor, or the selected ones, to the left. */
export function outdent(text: string, selection: Selection): Edit {
  return shiftLines(text, selection, (line) => line.replace(/^ {1,2}/, ""));
}

/** Enter: the new line starts below the old one's first character, or further in when the old one opens a block. */
export function newLine(text: string, selection: Selection): Edit {
  const line = text.slice(lineStart(text, selection.start), selection.start);
  return insertion(selection, `\n${/^ */.exec(line)?.[0] ?? ""}${OPENS_BLOCK.test(line) ? INDENT : ""}`);
}

function insertion(replaced: Selection, text: string): Edit {
  const caret = replaced.start + text.length;
  return { replaced, text, selected: { start: caret, end: caret } };
}

function lineStart(text: string, position: number): number {
  return text.slice(0, position).lastIndexOf("\n") + 1;
}

function shiftLines(text: string, { start, end }: Selection, shift: (line: string) => string): Edit {
  const from = lineStart(text, start);
  // A selection that ends at the start of a line does not mean that line.
  const last = end > start && text[end - 1] === "\n" ? end - 1 : end;
  const to = text.indexOf("\n", last) === -1 ? text.length : text.indexOf("\n", last);
  const shifted = text.slice(from, to).split("\n").map(shift).join("\n");
  const caret = Math.max(from, start + shifted.length - (to - from));
  const selected = start === end ? { start: caret, end: caret } : { start: from, end: from + shifted.length };
  return { replaced: { start: from, end: to }, text: shifted, selected };
}
