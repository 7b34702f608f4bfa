import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Takes the sole right to a data directory, or throws an error that says who has to give way.
 * SQLite's file lock is used because the system drops it when the holder dies: a file with a process id in it
 * looks alive forever where ids repeat (containers), and two PGlites in one directory lose rows without a word.
 * @returns the function that gives the right back.
 */
export function lockDataDirectory(dataDir: string): () => void {
  mkdirSync(path.dirname(dataDir), { recursive: true });
  const lock = new DatabaseSync(`${dataDir}.lock`);
  try {
    lock.exec("pragma journal_mode = memory; begin exclusive");
  } catch (cause) {
    lock.close();
    throw new Error(
      `The database in ${dataDir} is in use by another process. Stop that one first, or choose another data directory.`,
      { cause },
    );
  }
  return () => {
    lock.close();
  };
}
