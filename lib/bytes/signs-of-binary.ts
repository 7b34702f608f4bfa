/** The first bytes of files that are not text, whatever their name is. */
const SIGNATURES: readonly string[] = [
  "\u0089PNG",
  "GIF87a",
  "GIF89a",
  "\u00FF\u00D8\u00FF",
  "%PDF-",
  "PK\u0003\u0004",
  "PK\u0005\u0006",
  "\u001F\u008B",
  "\u00D0\u00CF\u0011\u00E0",
  "Rar!\u001A\u0007",
  "7z\u00BC\u00AF\u0027\u001C",
  "II*\u0000",
  "MM\u0000*",
  "OggS",
  "fLaC",
  "\u007FELF",
  "\u0000asm",
];

/** Returns whether bytes begin with a mark, whose characters stand for one byte each. */
export function startsWith(bytes: Uint8Array, mark: string): boolean {
  return Array.from(mark).every((character, place) => bytes[place] === character.codePointAt(0));
}

/** Tab, line feed, form feed, carriage return, escape (of ISO-2022-JP), end of file (of DOS). */
const CONTROLS_OF_TEXT: ReadonlySet<number> = new Set([9, 10, 12, 13, 26, 27]);
const SPACE = 0x20;
/** A stray control character does not make a text binary. */
const MOST_CONTROLS = 0.01;

/** Returns whether bytes that have no byte order mark cannot be text: a known signature, a NUL, or more control characters than a text has. */
export function looksBinary(bytes: Uint8Array): boolean {
  if (SIGNATURES.some((mark) => startsWith(bytes, mark)) || bytes.includes(0)) return true;
  let controls = 0;
  for (const byte of bytes) if (byte < SPACE && !CONTROLS_OF_TEXT.has(byte)) controls += 1;
  return controls > bytes.length * MOST_CONTROLS;
}
