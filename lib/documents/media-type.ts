import { hasByteOrderMark } from "#/lib/bytes/decode-text.ts";
import { looksBinary, startsWith } from "#/lib/bytes/signs-of-binary.ts";
import { withoutStrayNuls } from "#/lib/documents/decode.ts";

export type MediaType =
  | "text/plain"
  | "text/markdown"
  | "text/html"
  | "text/csv"
  | "application/pdf"
  | typeof WORD;

const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

// A map: a file may be called “constructor”.
const BY_ENDING: ReadonlyMap<string, MediaType> = new Map([
  ["txt", "text/plain"],
  ["md", "text/markdown"],
  ["markdown", "text/markdown"],
  ["html", "text/html"],
  ["htm", "text/html"],
  ["csv", "text/csv"],
  ["pdf", "application/pdf"],
  ["docx", WORD],
]);

export const READABLE_ENDINGS = [...BY_ENDING.keys()];

/** The first bytes of the formats that are not text. */
const PDF = "%PDF-";
const ZIP = "PK\u0003\u0004";
/** Of old Office documents, and of Word documents with a password. */
export const COMPOUND = "\u00D0\u00CF\u0011\u00E0";

/** Detects what a file is from its first bytes and its name, never from what the client says. Undefined for what cannot be read. */
export function detectMediaType(name: string, bytes: Uint8Array): MediaType | undefined {
  const known = BY_ENDING.get(readEnding(name));
  if (startsWith(bytes, PDF) || known === "application/pdf") return "application/pdf";
  if (known === WORD) return startsWith(bytes, ZIP) || startsWith(bytes, COMPOUND) ? WORD : undefined;
  if (looksBinary(withoutStrayNuls(bytes)) && !hasByteOrderMark(bytes)) return undefined;
  // A name without a known ending may still be plain text.
  return known ?? "text/plain";
}

function readEnding(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}
