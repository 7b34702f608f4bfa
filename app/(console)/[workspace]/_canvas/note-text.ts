/** A piece of a line of a note. */
export type NoteSpan =
  | { readonly kind: "plain" | "strong" | "emphasis" | "code"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

/** A line of a note. An empty one keeps two others apart. */
export interface NoteLine {
  readonly kind: "title" | "item" | "text" | "gap";
  readonly spans: readonly NoteSpan[];
}

/** Each alternative stops at its own sign, so that no text takes more than one look at each of its characters. */
const MARKED =
  /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s](?:[^*]*[^*\s])?)\*|\[([^[\]]+)\]\((https?:\/\/[^\s()[\]]+)\)/g;

/** Reads the little Markdown of notes: titles, lists, bold, italic, code, and links to the web. Anything else is text. */
export const readNoteText = (text: string): readonly NoteLine[] =>
  text.split(/\r\n|\r|\n/).map((line) => {
    if (line.trim() === "") return { kind: "gap", spans: [] };
    const [, title] = /^#{1,6} +(.*)$/.exec(line) ?? [];
    if (title !== undefined) return { kind: "title", spans: readSpans(title) };
    const [, item] = /^\s*[-*] +(.*)$/.exec(line) ?? [];
    if (item !== undefined) return { kind: "item", spans: readSpans(item) };
    return { kind: "text", spans: readSpans(line) };
  });

function readSpans(line: string): readonly NoteSpan[] {
  const spans: NoteSpan[] = [];
  let from = 0;
  for (const match of line.matchAll(MARKED)) {
    if (match.index > from) spans.push({ kind: "plain", text: line.slice(from, match.index) });
    spans.push(readMarked(match));
    from = match.index + match[0].length;
  }
  if (from < line.length) spans.push({ kind: "plain", text: line.slice(from) });
  return spans;
}

function readMarked([, code, strong, emphasis, text = "", href = ""]: RegExpExecArray): NoteSpan {
  if (code !== undefined) return { kind: "code", text: code };
  if (strong !== undefined) return { kind: "strong", text: strong };
  return emphasis === undefined ? { kind: "link", text, href } : { kind: "emphasis", text: emphasis };
}
