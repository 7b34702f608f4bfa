import { decodeAs, type DecodedText } from "#/lib/bytes/decode-as.ts";
import { guessText } from "#/lib/bytes/guess-charset.ts";
import { looksBinary, startsWith } from "#/lib/bytes/signs-of-binary.ts";

const BYTE_ORDER_MARKS = [
  { mark: "\u00EF\u00BB\u00BF", charset: "utf-8" },
  { mark: "\u00FF\u00FE", charset: "utf-16le" },
  { mark: "\u00FE\u00FF", charset: "utf-16be" },
] as const;

/** Returns whether bytes begin with the mark of an encoding, and so are text that may hold NUL. */
export const hasByteOrderMark = (bytes: Uint8Array): boolean =>
  BYTE_ORDER_MARKS.some(({ mark }) => startsWith(bytes, mark));

/** The encoding that is announced for a text before it is read. */
interface Announced {
  /** Of a header, or of a page's own declaration. */
  readonly charset?: string | undefined;
}

/**
 * Bytes as text, read strictly: in the encoding of their byte order mark, else as announced, else as UTF-8. What is in none of
 * them is not text.
 */
export function decodeText(bytes: Uint8Array, { charset }: Announced = {}): DecodedText | undefined {
  const mark = BYTE_ORDER_MARKS.find((it) => startsWith(bytes, it.mark));
  if (mark) return decodeAs(bytes, mark.charset);
  // An announcement of UTF-16 without a mark is the one case in which NUL is part of a text.
  const announced = charset === undefined ? undefined : decodeAs(bytes, charset);
  if (announced && announced.charset.startsWith("utf-16")) return announced;
  if (looksBinary(bytes)) return undefined;
  return announced ?? decodeAs(bytes, "utf-8");
}

/** Bytes as text, and where nothing says what they are, as their statistics have it. Undefined when they are not text, or in an encoding that cannot be told. */
export function decodeOrGuess(bytes: Uint8Array, announced: Announced = {}): DecodedText | undefined {
  return decodeText(bytes, announced) ?? (looksBinary(bytes) ? undefined : guessText(bytes));
}

/** As HTML has it, a declaration is in the first kilobyte, which is ASCII up to there. */
const DECLARATION_BYTES = 1024;
const DECLARATION =
  /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']|<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)/i;

/** The encoding that a page declares: `<meta charset>`, `<?xml encoding>`. */
export function declaredCharset(bytes: Uint8Array): string | undefined {
  const [, ofXml, ofHtml] =
    DECLARATION.exec(Buffer.from(bytes.subarray(0, DECLARATION_BYTES)).toString("latin1")) ?? [];
  const label = ofXml ?? ofHtml;
  // What reads as ASCII is not UTF-16, whatever it says.
  return label === undefined || /^utf-?16/i.test(label) ? undefined : label;
}
