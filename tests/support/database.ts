import { rmSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { describe } from "vitest";
import { configureNeon } from "#/db/neon.ts";
import { whyPostgresCannotRun } from "#/local/neon/postgres-binaries.ts";
import { startNeon } from "#/local/neon/serve.ts";
import {
  copyOfTemplate,
  type DatabaseEngine,
  engineOn,
  PASSWORDS,
  makeUrls,
} from "#/tests/support/database-template.ts";

export type { DatabaseEngine } from "#/tests/support/database-template.ts";

export interface TestDatabase {
  /** Owns the tables; for migrations and for looking behind the scenes. */
  readonly ownerUrl: string;
  /** What the product logs in with. */
  readonly runtimeUrl: string;
  readonly stop: () => Promise<void>;
}

/** Why PostgreSQL suites are skipped on this machine; undefined where they run. */
export const postgresUnavailable: string | undefined = whyPostgresCannotRun();

/**
 * A fresh, migrated database behind the Neon wire. PostgreSQL is started once per test file and every call clones a database in it (about 30 ms);
 * PGlite has one database per engine, so every call starts one (about half a second).
 */
export async function startTestDatabase(
  engine: DatabaseEngine = postgresUnavailable === undefined ? "postgres" : "pglite",
): Promise<TestDatabase> {
  const database = await (engine === "postgres" ? createOnPostgres("cairn") : startOwnPglite());
  configureNeon(database.ownerUrl);
  return database;
}

/** A database on PostgreSQL in which nothing has been migrated yet. */
export async function startEmptyDatabase(): Promise<TestDatabase> {
  const database = await createOnPostgres("template1");
  configureNeon(database.ownerUrl);
  return database;
}

/** Runs the suite on PostgreSQL and on PGlite. Where PostgreSQL cannot run, its suite is skipped by name with the reason. */
export function describeOnEachEngine(title: string, suite: (engine: DatabaseEngine) => void): void {
  describe.skipIf(postgresUnavailable !== undefined)(
    `${title}, on PostgreSQL${postgresUnavailable === undefined ? "" : ` (cannot run here: ${postgresUnavailable})`}`,
    () => {
      suite("postgres");
    },
  );
  describe(`${title}, on PGlite`, () => {
    suite("pglite");
  });
}

/**
 * Runs the suite on the database of a deployment, and on PGlite only where PostgreSQL cannot run: for what lies above the statements. That both databases
 * answer these statements alike is what the suites on each engine promise.
 */
export function describeOnPostgres(title: string, suite: (engine: DatabaseEngine) => void): void {
  const engine = postgresUnavailable === undefined ? "postgres" : "pglite";
  describe(`${title}, on ${engine === "postgres" ? "PostgreSQL" : "PGlite"}`, () => {
    suite(engine);
  });
}

interface RunningEngine {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

let cluster: Promise<RunningEngine> | undefined;
let users = 0;
let clones = 0;

async function createOnPostgres(template: "cairn" | "template1"): Promise<TestDatabase> {
  users += 1;
  cluster ??= startOnCopy("postgres");
  const { port, stop } = await cluster;
  clones += 1;
  const name = `test_${clones}`;
  await createDatabase(port, name, template);
  return {
    ...makeUrls(port, name),
    stop: async () => {
      users -= 1;
      if (users > 0) return;
      cluster = undefined;
      await stop();
    },
  };
}

async function startOwnPglite(): Promise<TestDatabase> {
  const { port, stop } = await startOnCopy("pglite");
  return { ...makeUrls(port, "cairn"), stop };
}

async function startOnCopy(engine: DatabaseEngine): Promise<RunningEngine> {
  const directory = await copyOfTemplate(engine);
  const neon = await startNeon({
    port: 0,
    engine: engineOn(engine, path.join(directory, "data")),
    passwords: PASSWORDS,
  });
  return {
    port: neon.port,
    stop: async () => {
      await neon.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Nobody ever connects to `cairn` itself here: a database can be cloned only while it is left alone. */
async function createDatabase(port: number, name: string, template: string): Promise<void> {
  const client = new Client({ connectionString: makeUrls(port, "postgres").ownerUrl });
  await client.connect();
  await client.query(`create database ${name} template ${template}`);
  await client.end();
}
