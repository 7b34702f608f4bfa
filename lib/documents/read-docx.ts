import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";
import { COMPOUND, startsWith } from "#/lib/documents/media-type.ts";
import { readHtml } from "#/lib/documents/read-html.ts";
import { type Reading, unreadable } from "#/lib/documents/reading.ts";

/** The text of a Word document, with its headings, without its pictures. */
export async function readDocx(bytes: Uint8Array): Promise<Reading> {
  if (startsWith(bytes, COMPOUND)) return unreadable("The Word document is encrypted, or in the old .doc format. Save it as .docx without a password and upload it again.");
  if (unpackedBytesOf(bytes) > DOCUMENT_LIMITS.unpackedBytes) return unreadable("The Word document unpacks to more than it may. Remove its pictures and upload it again.");
  const { default: mammoth } = await import("mammoth");
  const withoutPictures = mammoth.images.imgElement(async () => ({ src: "" }));
  const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) }, { convertImage: withoutPictures });
  return readHtml(new TextEncoder().encode(value));
}

/** Signature and length of an entry of a zip archive's directory, and where in it the sizes are. */
const ENTRY = { signature: 0x02014b50, length: 46, unpackedSize: 24, nameLength: 28, extraLength: 30, commentLength: 32 };
const END = { signature: 0x06054b50, length: 22, directoryStart: 16 };

/** What the archive says it unpacks to; 0 if it has no directory, which the reader itself will complain about. */
function unpackedBytesOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = directoryStart(view);
  let total = 0;
  while (at + ENTRY.length <= view.byteLength && view.getUint32(at, true) === ENTRY.signature) {
    total += view.getUint32(at + ENTRY.unpackedSize, true);
    at += ENTRY.length + view.getUint16(at + ENTRY.nameLength, true) + view.getUint16(at + ENTRY.extraLength, true) + view.getUint16(at + ENTRY.commentLength, true);
  }
  return total;
}

/** The end record is the last thing in the archive, but for a comment. */
function directoryStart(view: DataView): number {
  for (let at = view.byteLength - END.length; at >= 0; at -= 1) {
    if (view.getUint32(at, true) === END.signature) return view.getUint32(at + END.directoryStart, true);
  }
  return view.byteLength;
}
