import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";

/** The text of a document, or, for people, why it cannot be read. The note, for people too, says what of it is missing or was guessed. */
export type Reading =
  | { readonly ok: true; readonly text: string; readonly note?: string }
  | { readonly ok: false; readonly reason: string };

export type Reader = (bytes: Uint8Array) => Promise<Reading>;

export const unreadable = (reason: string): Reading => ({ ok: false, reason });

/** A reading whose text is made into another one; what was noted stays. */
export async function mapText(
  reading: Reading,
  read: (text: string) => Reading | Promise<Reading>,
): Promise<Reading> {
  if (!reading.ok) return reading;
  const next = await read(reading.text);
  return next.ok ? { ...reading, ...next } : next;
}

/** Joins parts as they are made, and stops as soon as they are too much: what is built never exceeds the limit by more than one part. */
export async function joinParts(
  parts: Iterable<string> | AsyncIterable<string>,
  separator: string,
): Promise<Reading> {
  const kept: string[] = [];
  let characters = 0;
  for await (const part of parts) {
    characters += part.length + separator.length;
    if (characters > DOCUMENT_LIMITS.textCharacters) return tooMuchText();
    kept.push(part);
  }
  return { ok: true, text: kept.join(separator) };
}

export function tooMuchText(): Reading {
  return unreadable(
    `The document has more than ${DOCUMENT_LIMITS.textCharacters.toLocaleString("en")} characters of text. Split it and upload the parts.`,
  );
}
