import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Row } from "#/local/pinecone/database.ts";

/**
 * The rows of the catalogue beside the database that has them, for starts that need nothing else of it. It goes before the rows change and comes back when
 * they are read again, so it is right whenever the process dies. Without a folder nothing is kept.
 */
export class IndexFile {
  readonly #file: string | undefined;

  /** @param dataDir the database's own folder: whoever removes or copies one has both. */
  constructor(dataDir: string | undefined) {
    this.#file = dataDir === undefined ? undefined : path.join(dataDir, "cairn-indexes.json");
  }

  /** Returns what was kept, or undefined when the rows have changed since. */
  read(): unknown {
    try {
      return this.#file && JSON.parse(readFileSync(this.#file, "utf8"));
    } catch {
      return undefined;
    }
  }

  keep(rows: readonly Row[]): void {
    if (this.#file === undefined) return;
    writeFileSync(`${this.#file}.new`, JSON.stringify(rows));
    renameSync(`${this.#file}.new`, this.#file);
  }

  forget(): void {
    if (this.#file !== undefined) rmSync(this.#file, { force: true });
  }
}
