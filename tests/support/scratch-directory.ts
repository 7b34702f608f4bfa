import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { stopOrphan } from "#/local/neon/postgres.ts";

/** The process that made a directory stands in its name: while it lives, the directory is in use. */
const NAME = /^cairn-test-run-(?<maker>\d+)-/;

/** What all databases, homes and browsers of one test run have needed together stayed under 2 GB. */
const ROOM = 8 * 1024 ** 3;
const IN_MEMORY = "/dev/shm";

/** Where scratch directories are: in memory where there is room, for a fresh database takes 0.5 s there and 3.5 s on a slow disk. */
export const SCRATCH = hasRoom(IN_MEMORY) ? IN_MEMORY : os.tmpdir();

function hasRoom(place: string): boolean {
  if (!existsSync(place)) return false;
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize > ROOM;
}

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
