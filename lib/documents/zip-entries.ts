import { inflateRawSync } from "node:zlib";

/** Signature and length of an entry of a zip archive's directory, and where in it things are. */
const ENTRY = {
  signature: 0x02014b50,
  length: 46,
  madeBy: 5,
  method: 10,
  packedSize: 20,
  nameLength: 28,
  extraLength: 30,
  commentLength: 32,
  mode: 40,
  start: 42,
};
const LOCAL = { signature: 0x04034b50, length: 30, nameLength: 26, extraLength: 28 };
const END = { signature: 0x06054b50, length: 22, directoryStart: 16 };
const METHODS = { stored: 0, deflated: 8 };
/** Of an entry that a Unix system has made, the kind of file: a link, whose content is the path that it leads to. */
const UNIX = { system: 3, kind: 0xf000, link: 0xa000 };

type Unzipped =
  | { readonly ok: true; readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly ok: false; readonly because: "too-large" | "damaged" | "link" };

/**
 * The files of a zip archive that are wanted by their names. Counts what it unpacks as it does, whatever sizes the archive declares: of
 * all together never more than `limit` bytes.
 */
export function unzip(archive: Uint8Array, isWanted: (name: string) => boolean, limit: number): Unzipped {
  const files = new Map<string, Uint8Array>();
  let left = limit;
  try {
    for (const entry of readEntries(archive)) {
      if (!isWanted(entry.name)) continue;
      if (entry.isLink) return { ok: false, because: "link" };
      // Which of two files of one name is meant depends on who reads the archive.
      if (files.has(entry.name)) return { ok: false, because: "damaged" };
      const content = unpackEntry(archive, entry, left);
      left -= content.length;
      if (left < 0) return { ok: false, because: "too-large" };
      files.set(entry.name, content);
    }
  } catch (error) {
    return { ok: false, because: isTooLarge(error) ? "too-large" : "damaged" };
  }
  return files.size === 0 ? { ok: false, because: "damaged" } : { ok: true, files };
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packedSize: number;
  readonly start: number;
  readonly isLink: boolean;
}

const openView = (archive: Uint8Array): DataView =>
  new DataView(archive.buffer, archive.byteOffset, archive.byteLength);

function* readEntries(archive: Uint8Array): Generator<Entry> {
  const view = openView(archive);
  let at = directoryStart(view);
  while (at + ENTRY.length <= view.byteLength && view.getUint32(at, true) === ENTRY.signature) {
    const nameEnd = at + ENTRY.length + view.getUint16(at + ENTRY.nameLength, true);
    const name = new TextDecoder().decode(archive.subarray(at + ENTRY.length, nameEnd));
    yield {
      name,
      method: view.getUint16(at + ENTRY.method, true),
      packedSize: view.getUint32(at + ENTRY.packedSize, true),
      start: view.getUint32(at + ENTRY.start, true),
      isLink: isLink(view, at),
    };
    at =
      nameEnd + view.getUint16(at + ENTRY.extraLength, true) + view.getUint16(at + ENTRY.commentLength, true);
  }
}

const isLink = (view: DataView, at: number): boolean =>
  view.getUint8(at + ENTRY.madeBy) === UNIX.system &&
  (view.getUint16(at + ENTRY.mode, true) & UNIX.kind) === UNIX.link;

/** The end record is the last thing in the archive, but for a comment. */
function directoryStart(view: DataView): number {
  for (let at = view.byteLength - END.length; at >= 0; at -= 1) {
    if (view.getUint32(at, true) === END.signature) return view.getUint32(at + END.directoryStart, true);
  }
  return view.byteLength;
}

/** @throws when the entry is damaged, or unpacks to more than `limit` bytes */
function unpackEntry(archive: Uint8Array, { method, packedSize, start }: Entry, limit: number): Uint8Array {
  const view = openView(archive);
  if (view.getUint32(start, true) !== LOCAL.signature)
    throw new Error("An entry of the archive is not where its directory says.");
  const from =
    start +
    LOCAL.length +
    view.getUint16(start + LOCAL.nameLength, true) +
    view.getUint16(start + LOCAL.extraLength, true);
  const packed = archive.subarray(from, from + packedSize);
  if (method === METHODS.stored) return packed;
  if (method !== METHODS.deflated) throw new Error("The archive is packed in a way that Word does not use.");
  // Zero would mean no limit.
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, limit) });
}
