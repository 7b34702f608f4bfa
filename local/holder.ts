import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { takeFileLock } from "./file-lock.ts";

export type Hold =
  | { readonly isFree: true; readonly release: () => void }
  /** Somebody works in the folder; their process, where it is known. */
  | { readonly isFree: false; readonly holder: string };

/** Takes a deployment's folder for this process: two starts in one would open one database twice. */
export function holdFolder(folder: string): Hold {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const file = path.join(folder, "pid");
  const unlock = takeFileLock(path.join(folder, "holder.lock"));
  if (!unlock) return { isFree: false, holder: readHolder(file) };
  writeFileSync(file, String(process.pid));
  return {
    isFree: true,
    release: () => {
      rmSync(file, { force: true });
      unlock();
    },
  };
}

function readHolder(file: string): string {
  try {
    return `process ${readFileSync(file, "utf8")}`;
  } catch {
    return "another process";
  }
}
