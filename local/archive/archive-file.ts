import { createReadStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import { type Entry, readTar, writeTar } from "#/local/archive/tar.ts";

/** Writes an archive beside its place and puts it there when all of it is on the disk: a file of that name is a whole one. */
export async function writeArchive(file: string, entries: AsyncIterable<Entry>): Promise<void> {
  const draft = `${file}.partial`;
  const handle = await open(draft, "w", 0o600);
  try {
    await pipeline(
      Readable.from(writeTar(entries)),
      createZstdCompress(),
      handle.createWriteStream({ flush: true }),
    );
    await rename(draft, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(draft, { force: true });
    throw error;
  }
}

/** Reads an archive entry by entry. @throws when it is not one, or not a whole one */
export async function* readArchive(file: string): AsyncGenerator<Entry> {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  const source = createReadStream(file);
  const unpacked = createZstdDecompress();
  source.on("error", (error) => unpacked.destroy(error));
  try {
    yield* readTar(source.pipe(unpacked));
  } catch (cause) {
    const isUnreadable = cause instanceof Error && "code" in cause && String(cause.code).startsWith("Z");
    if (!isUnreadable) throw cause;
    throw new Error(`${file} is no backup, or a damaged one.`, { cause });
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}
