import { chunkText } from "#/lib/documents/chunk.ts";
import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";
import { detectMediaType, READABLE_ENDINGS } from "#/lib/documents/media-type.ts";
import { readDocument } from "#/lib/documents/read.ts";

/** The passages of a document, with a note, for people, of what is missing or was guessed; or why it cannot be read. */
export type Passages =
  | { readonly ok: true; readonly texts: readonly string[]; readonly note?: string }
  | { readonly ok: false; readonly reason: string };

/** Reads a document and cuts it. Costs what the document makes it cost: see readApart. */
export async function passagesIn(name: string, content: Uint8Array): Promise<Passages> {
  const mediaType = detectMediaType(name, content);
  if (!mediaType)
    return {
      ok: false,
      reason: `By its bytes, the file is none that can be read, whatever its name is. Upload one of: ${READABLE_ENDINGS.map((ending) => `.${ending}`).join(", ")}.`,
    };
  const reading = await readDocument(mediaType, content);
  if (!reading.ok) return reading;
  const { text, ...about } = reading;
  const texts = chunkText(text).map((chunk) => chunk.text);
  if (texts.length <= DOCUMENT_LIMITS.passages) return { ...about, texts };
  return {
    ok: false,
    reason: `The document makes ${texts.length.toLocaleString("en")} passages, more than ${DOCUMENT_LIMITS.passages.toLocaleString("en")}. Split it and upload the parts.`,
  };
}
