import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import { type Migration, type MigrationResultSet, Migrator } from "kysely/migration";
import { applyFunctionFiles } from "#/db/function-files.ts";
import { configureNeon } from "#/db/neon.ts";
import { kyselyPool, openPool } from "#/db/pool.ts";

const FOLDER = path.resolve(import.meta.dirname, "../migrations");

type Change = (db: Kysely<unknown>) => Promise<void>;

const changeNothing: Change = async () => undefined;

/** Reads `0001_name.up.sql` / `0001_name.down.sql` pairs. `last` follows the newest one in the transaction that all share. */
async function readMigrations(last: Change): Promise<Record<string, Migration>> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith(".up.sql")).toSorted();
  const run =
    (file: string): Change =>
    async (db) => {
      await sql.raw(await readFile(path.join(FOLDER, file), "utf8")).execute(db);
      if (file === files.at(-1)) await last(db);
    };
  return Object.fromEntries(
    files.map((file) => [
      file.replace(".up.sql", ""),
      { up: run(file), down: run(file.replace(".up.sql", ".down.sql")) },
    ]),
  );
}

interface Applied {
  readonly migrations: readonly string[];
  /** Files of functions that were applied, and functions that were dropped because they have no file. */
  readonly functions: readonly string[];
}

/**
 * Brings the database to the newest schema with the functions of `db/functions`, and gives the runtime role the password of `runtimeUrl`.
 * Needs a direct (unpooled) owner connection: the migration lock is a session lock.
 */
export async function migrateToLatest(ownerUrl: string, runtimeUrl: string): Promise<Applied> {
  const functions: string[] = [];
  const applyFunctions: Change = async (db) => void functions.push(...(await applyFunctionFiles(db)));
  return withMigrator(ownerUrl, applyFunctions, async (migrator, db) => {
    const migrations = (await isCurrent(db)) ? [] : report(await migrator.migrateToLatest());
    if (migrations.length === 0) await db.transaction().execute(applyFunctions);
    await addPartitions(db);
    const runtime = new URL(runtimeUrl);
    const role = decodeURIComponent(runtime.username);
    if (role !== decodeURIComponent(new URL(ownerUrl).username)) {
      await sql`alter role ${sql.id(role)} password ${sql.lit(decodeURIComponent(runtime.password))}`.execute(
        db,
      );
    }
    return { migrations, functions };
  });
}

/** Returns whether the migrations that were applied are those of the files. The migrator reads the whole catalogue to find out, twice: 0.5 s of CPU of each start. */
async function isCurrent(db: Kysely<unknown>): Promise<boolean> {
  const { rows: tables } = await sql`select where to_regclass('kysely_migration') is not null`.execute(db);
  if (tables.length === 0) return false;
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const names = new Set(Object.keys(await readMigrations(changeNothing)));
  return rows.length === names.size && rows.every((row) => names.has(row.name));
}

/** Adds the partitions of the months to come, after a long time in which no tick has added any. Old ones are left to the ticks, which know what has to stay. */
async function addPartitions(db: Kysely<unknown>): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ change: string }>`select storage.maintain() as change`.execute(db);
    if (!rows[0]?.change.startsWith("added")) return;
  }
}

/**
 * Takes migrations back, newest first: all of them, or those down to `until`, which is the last one taken back.
 * Functions stay as they are until 0038 is taken back, which restores those of the migrations before it. For tests and for people who know what they do.
 */
export async function migrateDown(ownerUrl: string, until?: string): Promise<readonly string[]> {
  return withMigrator(ownerUrl, changeNothing, async (migrator) => {
    const undone: string[] = [];
    for (;;) {
      const step = report(await migrator.migrateDown());
      if (step.length === 0) return undone;
      undone.push(...step);
      if (until !== undefined && step.includes(until)) return undone;
    }
  });
}

async function withMigrator<T>(
  ownerUrl: string,
  last: Change,
  work: (migrator: Migrator, db: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  configureNeon(ownerUrl);
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: kyselyPool(openPool({ connectionString: ownerUrl, max: 2 })) }),
  });
  try {
    return await work(
      new Migrator({ db, provider: { getMigrations: async () => readMigrations(last) } }),
      db,
    );
  } finally {
    await db.destroy();
  }
}

function report({ error, results = [] }: MigrationResultSet): readonly string[] {
  const failed = results.find((result) => result.status === "Error");
  if (error !== undefined) {
    throw new Error(`Migration ${failed?.migrationName ?? ""} failed; the database is unchanged by it.`, {
      cause: error,
    });
  }
  return results.map((result) => result.migrationName);
}
