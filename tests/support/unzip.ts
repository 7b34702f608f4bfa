import { inflateRawSync } from "node:zlib";

const CENTRAL_ENTRY = Buffer.from("PK\u0001\u0002");
const DEFLATED = 8;

/** Reads the files of a zip archive by name. */
export function unzip(archive: Buffer): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (let at = archive.indexOf(CENTRAL_ENTRY); at !== -1; at = archive.indexOf(CENTRAL_ENTRY, at + 4)) {
    const nameBytes = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + 46, at + 46 + nameBytes);
    const header = archive.readUInt32LE(at + 42);
    const from = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    const packed = archive.subarray(from, from + archive.readUInt32LE(at + 20));
    const isDeflated = archive.readUInt16LE(at + 10) === DEFLATED;
    files.set(name, (isDeflated ? inflateRawSync(packed) : packed).toString());
  }
  return files;
}
