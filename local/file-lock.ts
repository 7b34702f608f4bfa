import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Takes a lock that this process holds until it gives it back or dies. SQLite's is used because the system drops it with its holder: a file with a
 * process id in it looks alive forever where ids repeat (containers).
 * @returns the function that gives the lock back, or undefined when another process has it
 */
export function takeFileLock(file: string): (() => void) | undefined {
  mkdirSync(path.dirname(file), { recursive: true });
  const lock = new DatabaseSync(file);
  try {
    lock.exec("pragma journal_mode = memory; begin exclusive");
  } catch (error) {
    lock.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  return () => {
    lock.close();
  };
}
const SQLITE_BUSY = 5;
