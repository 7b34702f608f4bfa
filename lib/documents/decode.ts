import { decodeOrGuess, decodeText } from "#/lib/bytes/decode-text.ts";
import { type Reading, unreadable } from "#/lib/documents/reading.ts";

/** Bytes as text, strictly: nothing is replaced. An encoding that nothing announced is guessed, and the note says so. */
export function readEncoded(bytes: Uint8Array, announced?: string): Reading {
  const said = decodeText(bytes, { charset: announced });
  if (said) return { ok: true, text: said.text };
  const guessed = decodeOrGuess(bytes, { charset: announced });
  if (!guessed) return unreadable("The file is not text, or is in an encoding that could not be told. Save it as UTF-8 and upload it again.");
  return { ok: true, text: guessed.text, note: `The file does not say its encoding. It was read as ${guessed.charset}; if its letters are wrong, save it as UTF-8 and upload it again.` };
}
