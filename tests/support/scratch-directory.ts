import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { stopOrphan } from "#/local/neon/postgres.ts";

/** The process that made a directory stands in its name: while it lives, the directory is in use. */
const NAME = /^cairn-test-run-(?<maker>\d+)-/;

/** Where scratch directories are. Tests have them in memory (vitest.config.ts); a benchmark's data lies on the disk, as anybody's does. */
export const SCRATCH = process.env["CAIRN_SCRATCH"] ?? os.tmpdir();

let cleared: Promise<unknown> | undefined;

/**
 * Makes a new directory for one test. Others may pass through it: PostgreSQL runs as `nobody` where we are root.
 * The test removes it; where the test was killed, the next run does.
 */
export function scratchDirectory(): string {
  cleared ??= removeLeftBehind();
  const directory = mkdtempSync(path.join(SCRATCH, `cairn-test-run-${process.pid}-`));
  chmodSync(directory, 0o755);
  return directory;
}

/** Clears up after test processes that were killed: their PostgreSQL still runs, and their data is still there. */
export async function removeLeftBehind(): Promise<void> {
  const leftBehind = readdirSync(SCRATCH).filter((name) => isLeftBehind(name));
  for (const name of leftBehind) {
    const directory = path.join(SCRATCH, name);
    await stopOrphan(path.join(directory, "data")).catch(() => undefined);
    rmSync(directory, { recursive: true, force: true });
  }
}

function isLeftBehind(name: string): boolean {
  const maker = NAME.exec(name)?.groups?.["maker"];
  return maker !== undefined && !isAlive(Number(maker));
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // A process of another user answers EPERM.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
