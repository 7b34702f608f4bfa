import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Pool } from "@neondatabase/serverless";
import { Kysely, PostgresDialect, sql } from "kysely";
import { type Migration, type MigrationResultSet, Migrator } from "kysely/migration";
import { configureNeon } from "#/db/neon.ts";
import { kyselyPool } from "#/db/pool.ts";

const FOLDER = path.resolve(import.meta.dirname, "../migrations");

/** Reads `0001_name.up.sql` / `0001_name.down.sql` pairs. */
async function readMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith(".up.sql")).toSorted();
  const run = (file: string) => async (db: Kysely<unknown>) => {
    await sql.raw(await readFile(path.join(FOLDER, file), "utf8")).execute(db);
  };
  return Object.fromEntries(
    files.map((file) => [
      file.replace(".up.sql", ""),
      { up: run(file), down: run(file.replace(".up.sql", ".down.sql")) },
    ]),
  );
}

/**
 * Brings the database to the newest schema and gives the runtime role the password of `runtimeUrl`.
 * Needs a direct (unpooled) owner connection: the migration lock is a session lock.
 * @returns the names of the migrations that were applied.
 */
export async function migrateToLatest(ownerUrl: string, runtimeUrl: string): Promise<readonly string[]> {
  return withMigrator(ownerUrl, async (migrator, db) => {
    const applied = report(await migrator.migrateToLatest());
    await addPartitions(db);
    const runtime = new URL(runtimeUrl);
    const role = decodeURIComponent(runtime.username);
    if (role !== decodeURIComponent(new URL(ownerUrl).username)) {
      await sql`alter role ${sql.id(role)} password ${sql.lit(decodeURIComponent(runtime.password))}`.execute(
        db,
      );
    }
    return applied;
  });
}

/** Those of the months to come, after a long time in which no tick has added any. Old ones are left to the ticks, which know what has to stay. */
async function addPartitions(db: Kysely<unknown>): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ change: string }>`select storage.maintain() as change`.execute(db);
    if (!rows[0]?.change.startsWith("added")) return;
  }
}

/** Takes every migration back, newest first. For tests and for people who know what they do. */
export async function migrateDown(ownerUrl: string): Promise<readonly string[]> {
  return withMigrator(ownerUrl, async (migrator) => {
    const undone: string[] = [];
    for (;;) {
      const step = report(await migrator.migrateDown());
      if (step.length === 0) return undone;
      undone.push(...step);
    }
  });
}

async function withMigrator<T>(
  ownerUrl: string,
  work: (migrator: Migrator, db: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  configureNeon(ownerUrl);
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: kyselyPool(new Pool({ connectionString: ownerUrl, max: 2 })) }),
  });
  try {
    return await work(new Migrator({ db, provider: { getMigrations: readMigrations } }), db);
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
