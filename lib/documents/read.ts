import { readEncoded } from "#/lib/documents/decode.ts";
import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";
import type { MediaType } from "#/lib/documents/media-type.ts";
import { readCsv } from "#/lib/documents/read-csv.ts";
import { readDocx } from "#/lib/documents/read-docx.ts";
import { readHtml } from "#/lib/documents/read-html.ts";
import { readPdf } from "#/lib/documents/read-pdf.ts";
import { mapText, type Reader, type Reading, tooMuchText, unreadable } from "#/lib/documents/reading.ts";
import { tidyText } from "#/lib/documents/tidy-text.ts";

const READERS: Readonly<Record<MediaType, Reader>> = {
  "text/plain": readText,
  "text/markdown": readText,
  "text/html": readHtml,
  "text/csv": readCsv,
  "application/pdf": readPdf,
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": readDocx,
};

/** The text of a document, with headings as Markdown where the format has them; or, for people, why it cannot be read. Never throws. */
export async function readDocument(mediaType: MediaType, bytes: Uint8Array): Promise<Reading> {
  if (bytes.length > DOCUMENT_LIMITS.fileBytes)
    return unreadable(
      `The file is larger than ${DOCUMENT_LIMITS.fileBytes / 1_000_000} MB. Split it and upload the parts.`,
    );
  try {
    return await mapText(await READERS[mediaType](bytes), (text) => checked(tidyText(text)));
  } catch (error) {
    return unreadable(
      `The file is damaged or not what its name says: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function readText(bytes: Uint8Array): Promise<Reading> {
  return readEncoded(bytes);
}

function checked(text: string): Reading {
  if (text === "") return unreadable("The document has no text. Scanned pages need text recognition first.");
  return text.length > DOCUMENT_LIMITS.textCharacters ? tooMuchText() : { ok: true, text };
}
