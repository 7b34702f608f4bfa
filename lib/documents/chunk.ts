export interface Chunk {
  /** 1-based place in the document. */
  readonly position: number;
  readonly text: string;
}

const TARGET = 900;
const OVERLAP = 120;

interface Block {
  readonly heading: string;
  readonly text: string;
}

/**
 * Cuts a text into passages of about 900 characters along its headings, paragraphs and sentences. Each passage starts with its heading, and
 * repeats the end of the one before it, so that an answer that spans the cut is still found. The same text gives the same passages.
 */
export function chunkText(text: string): readonly Chunk[] {
  return blocksOf(text)
    .flatMap(({ heading, text: body }) => cut(body).map((piece) => (heading ? `${heading}\n${piece}` : piece)))
    .map((piece, index) => ({ position: index + 1, text: piece }));
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  // The headings above the line, by level: a passage on its own still says which document and which part of it it is from.
  let path: string[] = [];
  let lines: string[] = [];
  const close = () => {
    const body = lines.join("\n").trim();
    if (body !== "") blocks.push({ heading: path.filter(Boolean).join(" › "), text: body });
    lines = [];
  };
  for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
    const [, marks, title] = /^(#{1,6})\s+(.+)$/.exec(line) ?? [];
    if (marks === undefined || title === undefined) lines.push(line);
    else {
      close();
      path = [...Array.from({ length: marks.length - 1 }, (_, level) => path[level] ?? ""), title.trim()];
    }
  }
  close();
  return blocks;
}

function cut(body: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const sentence of sentencesOf(body)) {
    if (piece.length + sentence.length > TARGET && piece.trim() !== "") {
      pieces.push(piece.trim());
      piece = tailOf(piece);
    }
    piece += sentence;
  }
  if (piece.trim() !== "") pieces.push(piece.trim());
  return pieces;
}

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** Sentences, and what is longer than a passage in parts. */
function sentencesOf(body: string): string[] {
  return [...segmenter.segment(body)].flatMap(({ segment }) =>
    segment.length <= TARGET ? [segment] : (segment.match(new RegExp(`[\\s\\S]{1,${TARGET}}`, "g")) ?? []),
  );
}

/** The end of a passage, from a word's beginning on. */
function tailOf(piece: string): string {
  const tail = piece.slice(-OVERLAP);
  return tail.slice(tail.indexOf(" ") + 1);
}
