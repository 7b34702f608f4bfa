import type { getDocumentProxy } from "unpdf";
import { joinParts, type Reading, unreadable } from "#/lib/documents/reading.ts";

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/** Silent: what pdf.js would warn about is in the answer. */
const VERBOSITY = 0;

/** The text of a PDF, page after page. Pictures of text have none. */
export async function readPdf(bytes: Uint8Array): Promise<Reading> {
  const { getDocumentProxy: openDocument } = await import("unpdf");
  try {
    // A copy, because the reader takes the buffer over; made so, because a Buffer's slice is a Buffer, which it refuses.
    const document = await openDocument(new Uint8Array(bytes), { verbosity: VERBOSITY });
    try {
      const without: number[] = [];
      const reading = await joinParts(
        readPages(document, (page) => without.push(page)),
        "\n\n",
      );
      return reading.ok && without.length > 0
        ? { ...reading, note: describeSkipped(without, document.numPages) }
        : reading;
    } finally {
      await document.loadingTask.destroy();
    }
  } catch (error) {
    if (error instanceof Error && error.name === "PasswordException")
      return unreadable("The PDF is encrypted. Remove its password and upload it again.");
    return unreadable(
      `The PDF is damaged or not a PDF: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** One page at a time, so that a PDF of a thousand pages needs the memory of one. */
async function* readPages(document: PdfDocument, onEmpty: (page: number) => void): AsyncGenerator<string> {
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
    if (text.trim() === "") onEmpty(number);
    yield text;
    page.cleanup();
  }
}

/** More numbers than that nobody reads. */
const MOST_NAMED = 20;

function describeSkipped(pages: readonly number[], all: number): string {
  const named = pages.slice(0, MOST_NAMED).join(", ");
  const rest = pages.length > MOST_NAMED ? ` and ${pages.length - MOST_NAMED} more` : "";
  const which =
    pages.length === 1
      ? `Page ${named} of ${all} has no text and was not read.`
      : `Pages ${named}${rest} of ${all} have no text and were not read.`;
  return `${which} Scanned pages need text recognition first.`;
}
