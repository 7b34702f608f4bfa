import { announcedEncoding } from "#/lib/documents/decode.ts";

export type MediaType = "text/plain" | "text/markdown" | "text/html" | "text/csv" | "application/pdf" | typeof WORD;

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

/** How the formats begin that are not text. */
const PDF = "%PDF-";
const ZIP = "PK\u0003\u0004";
/** Of old Office documents, and of Word documents with a password. */
export const COMPOUND = "\u00D0\u00CF\u0011\u00E0";

/** What a file is, from its first bytes and its name, never from what the client says. Undefined for what cannot be read. */
export function mediaTypeOf(name: string, bytes: Uint8Array): MediaType | undefined {
  const known = BY_ENDING.get(endingOf(name));
  if (startsWith(bytes, PDF) || known === "application/pdf") return "application/pdf";
  const isArchive = startsWith(bytes, ZIP) || startsWith(bytes, COMPOUND);
  if (known === WORD) return isArchive ? WORD : undefined;
  if (isArchive || isBinary(bytes)) return undefined;
  // A name without a known ending may still be plain text.
  return known ?? "text/plain";
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}

export function startsWith(bytes: Uint8Array, mark: string): boolean {
  return Array.from(mark).every((character, place) => bytes[place] === character.codePointAt(0));
}

/** Text has no NUL, except in UTF-16, which begins with a mark. */
function isBinary(bytes: Uint8Array): boolean {
  return announcedEncoding(bytes) === undefined && bytes.subarray(0, 4096).includes(0);
}
