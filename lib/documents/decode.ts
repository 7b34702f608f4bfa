import { decodeOrGuess, decodeText, hasByteOrderMark } from "#/lib/bytes/decode-text.ts";
import { type Reading, unreadable } from "#/lib/documents/reading.ts";

/** Bytes as text, strictly: nothing is replaced. An encoding that nothing announced is guessed, and the note says so. */
export function readEncoded(content: Uint8Array, announced?: string): Reading {
  const bytes = withoutStrayNuls(content);
  const said = decodeText(bytes, { charset: announced });
  if (said) return { ok: true, text: said.text };
  const guessed = decodeOrGuess(bytes, { charset: announced });
  if (!guessed)
    return unreadable(
      "The file is not text, or is in an encoding that could not be told. Save it as UTF-8 and upload it again.",
    );
  return {
    ok: true,
    text: guessed.text,
    note: `The file does not say its encoding. It was read as ${guessed.charset}; if its letters are wrong, save it as UTF-8 and upload it again.`,
  };
}

/** A NUL in a thousand bytes is a slip of who wrote the text; of packed data it would be four. */
const MOST_NULS = 0.001;

/** The few NULs that a text can have by accident as spaces; UTF-16, in which they are half of many characters, and what has more of them stay as they are. */
export function withoutStrayNuls(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(0) || hasByteOrderMark(bytes)) return bytes;
  return countBytes(bytes, 0) > bytes.length * MOST_NULS ? bytes : bytes.map((byte) => byte || SPACE);
}

const SPACE = 0x20;

function countBytes(bytes: Uint8Array, wanted: number): number {
  let count = 0;
  for (const byte of bytes) if (byte === wanted) count += 1;
  return count;
}
