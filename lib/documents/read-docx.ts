import { startsWith } from "#/lib/bytes/signs-of-binary.ts";
import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";
import { COMPOUND } from "#/lib/documents/media-type.ts";
import { readMarkup } from "#/lib/documents/read-html.ts";
import { type Reading, unreadable } from "#/lib/documents/reading.ts";
import { unzip } from "#/lib/documents/zip-entries.ts";

/** The text of a Word document, with its headings, without its pictures. */
export async function readDocx(bytes: Uint8Array): Promise<Reading> {
  if (startsWith(bytes, COMPOUND))
    return unreadable(
      "The Word document is encrypted, or in the old .doc format. Save it as .docx without a password and upload it again.",
    );
  const unzipped = unzip(bytes, isMarkup, DOCUMENT_LIMITS.unpackedBytes);
  if (!unzipped.ok) return unreadable(REFUSALS[unzipped.because]);
  const { default: mammoth } = await import("mammoth");
  const withoutPictures = mammoth.images.imgElement(async () => ({ src: "" }));
  const { value } = await mammoth.convertToHtml(unpackedInput(unzipped.files), {
    convertImage: withoutPictures,
  });
  return readMarkup(value);
}

const DAMAGED = "The Word document is damaged. Save it again and upload it again.";
const REFUSALS = {
  "too-large": `The text of the Word document unpacks to more than ${DOCUMENT_LIMITS.unpackedBytes / 1_000_000} MB. Split it and upload the parts.`,
  damaged: DAMAGED,
  link: DAMAGED,
} as const;

/** Pictures and fonts stay packed. */
const isMarkup = (name: string): boolean => /\.(?:xml|rels)$/i.test(name);

/** The files of the document as mammoth takes them when they are unpacked already: it would unpack without a limit. Its types leave this out. */
function unpackedInput(files: ReadonlyMap<string, Uint8Array>): { readonly buffer: Buffer } {
  const file = {
    exists: (name: string) => files.has(name),
    read: async (name: string) => new TextDecoder().decode(files.get(name)),
  };
  // The library reads a file of its own kind before a buffer, and does not say so in its types.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { file } as unknown as { readonly buffer: Buffer };
}
