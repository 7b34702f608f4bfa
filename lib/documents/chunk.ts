export interface Chunk {
  /** 1-based place in the document. */
  readonly position: number;
  readonly text: string;
}

/** Characters of a passage, before what it repeats of the one before it. */
const TARGET = 900;
const OVERLAP = 120;
/** A longer line is a paragraph that happens to begin with a number sign. */
const HEADING_LENGTH = 120;

interface Section {
  /** The headings above it, by level: a passage on its own still says which part of the document it is from. */
  readonly path: readonly string[];
  readonly body: string;
}

/**
 * Cuts a text into passages of about 900 characters along its headings, paragraphs and sentences. Each passage starts with its headings, and
 * repeats the end of the one before it, so that an answer that spans the cut is still found. No word is lost, and the same text gives the
 * same passages.
 */
export function chunkText(text: string): readonly Chunk[] {
  return splitSections(text)
    .flatMap(({ path, body }) => {
      const heading = path.filter(Boolean).join(" › ");
      const pieces = body === "" ? [""] : cut(body);
      return pieces.map((piece) => [heading, piece].filter(Boolean).join("\n"));
    })
    .map((piece, index) => ({ position: index + 1, text: piece }));
}

function splitSections(text: string): Section[] {
  const sections: Section[] = [];
  let path: readonly string[] = [];
  let lines: string[] = [];
  let isCode = false;
  /** @param nextLevel of the heading that ends the section. A heading without text is kept if nothing stands below it. */
  const close = (nextLevel: number) => {
    const body = lines.join("\n").trim();
    if (body !== "" || path.length >= nextLevel) sections.push({ path, body });
    lines = [];
  };
  for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
    if (line.startsWith("```")) isCode = !isCode;
    const heading = isCode ? undefined : parseHeading(line);
    if (heading) {
      close(heading.level);
      path = [...Array.from({ length: heading.level - 1 }, (_, level) => path[level] ?? ""), heading.title];
    } else lines.push(line);
  }
  close(1);
  return sections;
}

function parseHeading(line: string): { readonly level: number; readonly title: string } | undefined {
  const [, marks, title] = /^(#{1,6})\s+(\S.*)$/.exec(line) ?? [];
  if (marks === undefined || title === undefined || title.length > HEADING_LENGTH) return undefined;
  return { level: marks.length, title: title.trim() };
}

function cut(body: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const unit of splitUnits(body)) {
    if (piece.length + unit.length > TARGET && piece.trim() !== "") {
      pieces.push(piece.trim());
      piece = cutTail(piece);
    }
    piece += unit;
  }
  if (piece.trim() !== "") pieces.push(piece.trim());
  return pieces;
}

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** Paragraphs; what is longer than a passage in sentences; and what is still longer in parts that end with a word. */
function splitUnits(body: string): string[] {
  return body.split(/(?<=\n\n)/).flatMap((paragraph) => {
    if (paragraph.length <= TARGET) return [paragraph];
    return Array.from(segmenter.segment(paragraph), ({ segment }) => segment).flatMap((sentence) =>
      sentence.length <= TARGET ? [sentence] : splitParts(sentence),
    );
  });
}

/** By code point, so that no character is cut in two. */
function splitParts(sentence: string): string[] {
  return sentence.match(new RegExp(`[\\s\\S]{1,${TARGET}}(?=\\s|$)|[\\s\\S]{1,${TARGET}}`, "gu")) ?? [];
}

/** The end of a passage, from a word's beginning on where it has words. */
function cutTail(piece: string): string {
  const tail = piece.slice(-OVERLAP).replace(/^[\uDC00-\uDFFF]/, "");
  return tail.slice(tail.indexOf(" ") + 1);
}
