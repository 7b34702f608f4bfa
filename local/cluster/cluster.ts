import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { zstdDecompressSync } from "node:zlib";

const FOLDER = import.meta.dirname;

/** Names the archive of a new cluster for the installed PGlite: a cluster belongs to the version that made it. */
export function archiveOfCluster(): string {
  const manifest = path.resolve(FOLDER, "../../node_modules/@electric-sql/pglite/package.json");
  const { version }: { readonly version: string } = JSON.parse(readFileSync(manifest, "utf8"));
  return path.join(FOLDER, `pglite-${version}.tar.zst`);
}

/**
 * Puts a new cluster into `dataDir`, which does not exist yet: what initdb would write there, which takes it five seconds of CPU.
 * Without an archive for this version nothing is written, and PGlite runs initdb. A half-written cluster is never left in place.
 */
export function placeCluster(dataDir: string): void {
  const archive = archiveOfCluster();
  if (!existsSync(archive)) return;
  const draft = `${dataDir}.unpacked`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  for (const { name, isFolder, bytes } of readTar(zstdDecompressSync(readFileSync(archive)))) {
    const target = path.join(draft, name);
    if (isFolder) mkdirSync(target, { recursive: true });
    else writeFileSync(target, bytes);
  }
  renameSync(draft, dataDir);
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly bytes: Buffer;
}

const BLOCK = 512;

/** Reads a plain tar archive with short names, as PGlite writes them. */
function* readTar(archive: Buffer): Generator<Entry> {
  for (let at = 0; archive[at] !== 0;) {
    const text = (from: number, to: number) =>
      archive.toString("latin1", at + from, at + to).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 136), 8);
    const from = at + BLOCK;
    yield {
      name: text(0, 100),
      isFolder: text(156, 157) === "5",
      bytes: archive.subarray(from, from + size),
    };
    at = from + Math.ceil(size / BLOCK) * BLOCK;
  }
}
