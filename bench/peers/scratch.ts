import { chmodSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A new directory that PostgreSQL may pass through: it runs as `nobody` where we are root. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), "cairn-bench-peers-"));
  chmodSync(directory, 0o755);
  return directory;
}
