/** Byte order marks and what they say. TextDecoder itself removes the mark. */
const MARKS = [
  { bytes: [0xff, 0xfe], encoding: "utf-16le" },
  { bytes: [0xfe, 0xff], encoding: "utf-16be" },
] as const;

/** The encoding that the first bytes announce. Undefined for UTF-8, with or without a mark, and for what has none. */
export function announcedEncoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  return MARKS.find((mark) => mark.bytes.every((byte, place) => bytes[place] === byte))?.encoding;
}

/** Bytes as text: what their mark says, or UTF-8, or else windows-1252, which can read any byte. */
export function decodeText(bytes: Uint8Array): string {
  const announced = announcedEncoding(bytes);
  if (announced) return new TextDecoder(announced).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

// Control characters other than tab and line feed.
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g;

/** Text as it may be stored and sent: PostgreSQL refuses NUL, and JSON half of a surrogate pair. Long gaps, as of layout, are shortened. */
export function tidyText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(CONTROLS, " ")
    .replaceAll(/[^\S\n]{9,}/g, " ".repeat(8))
    .replaceAll(/\n(?:[^\S\n]*\n){2,}/g, "\n\n")
    .trim();
}
