import { chmodSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A new directory that tests which clear up do not know, and that PostgreSQL may pass through: it runs as `nobody` where we are root. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), "cairn-bench-"));
  chmodSync(directory, 0o755);
  return directory;
}
