import type { MediaType } from "#/lib/documents/media-type.ts";

export type ReadResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

type Reader = (bytes: Uint8Array) => Promise<string>;

// Loaded when needed: together they are several megabytes, and most documents are text.
const READERS: Readonly<Record<MediaType, Reader>> = {
  "text/plain": async (bytes) => decode(bytes),
  "text/markdown": async (bytes) => decode(bytes),
  "text/html": readHtml,
  "text/csv": readCsv,
  "application/pdf": readPdf,
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": readDocx,
};

/** The text of a document, with headings as Markdown where the format has them; or, for people, why it cannot be read. Never throws. */
export async function readDocument(mediaType: MediaType, bytes: Uint8Array): Promise<ReadResult> {
  try {
    const text = (await READERS[mediaType](bytes)).trim();
    return text === "" ? { ok: false, reason: "The document has no text. Scanned pages need text recognition first." } : { ok: true, text };
  } catch (error) {
    return { ok: false, reason: reasonOf(mediaType, error) };
  }
}

function reasonOf(mediaType: MediaType, error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  if (name === "PasswordException") return "The PDF is encrypted. Remove its password and upload it again.";
  if (mediaType === "application/pdf") return `The PDF is damaged or not a PDF: ${message}`;
  return `The file is damaged or not what its name says: ${message}`;
}

/** UTF-8, or else windows-1252, which can read any byte. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

async function readHtml(bytes: Uint8Array): Promise<string> {
  const { convert } = await import("html-to-text");
  const headings = ["h1", "h2", "h3", "h4"].map((selector, index) => ({ selector, format: "heading", options: { uppercase: false, leadingLineBreaks: 2 }, level: index + 1 }));
  return convert(decode(bytes), {
    wordwrap: false,
    selectors: [
      ...headings.map(({ selector }) => ({ selector, format: "markdownHeading" })),
      { selector: "a", options: { ignoreHref: true } },
      { selector: "img", format: "skip" },
      { selector: "nav", format: "skip" },
      { selector: "table", format: "dataTable" },
    ],
    formatters: {
      markdownHeading: (element, walk, builder) => {
        builder.openBlock({ leadingLineBreaks: 2 });
        builder.addInline("## ");
        walk(element.children, builder);
        builder.closeBlock({ trailingLineBreaks: 2 });
      },
    },
  });
}

/** Each row as "column: value" pairs, so that a passage says what its numbers are. */
async function readCsv(bytes: Uint8Array): Promise<string> {
  const { parse } = await import("csv-parse/sync");
  const rows: Record<string, string>[] = parse(decode(bytes), { columns: true, skip_empty_lines: true, relax_column_count: true, bom: true, trim: true });
  return rows.map((row) => `${Object.entries(row).map(([column, value]) => `${column}: ${value}`).join(", ")}.`).join("\n");
}

async function readPdf(bytes: Uint8Array): Promise<string> {
  const { extractText, getDocumentProxy } = await import("unpdf");
  // A copy: the reader takes the buffer over.
  const { text } = await extractText(await getDocumentProxy(bytes.slice()), { mergePages: false });
  return text.join("\n\n");
}

async function readDocx(bytes: Uint8Array): Promise<string> {
  const { default: mammoth } = await import("mammoth");
  const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) });
  return readHtml(new TextEncoder().encode(value));
}
