import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { Client, Pool } from "pg";

const MIGRATIONS = path.resolve(import.meta.dirname, "../../migrations");

export interface SqlFunction {
  /** `app.claim_run(uuid,text)`. */
  readonly signature: string;
  /** As PostgreSQL writes it down, with everything that a file may say. */
  readonly definition: string;
  readonly body: string;
  readonly grants: readonly string[];
}

/** Every function of the product in a database, by signature. */
export async function listFunctions(ownerUrl: string): Promise<readonly SqlFunction[]> {
  return query<SqlFunction>(
    ownerUrl,
    `select p.oid::regprocedure::text as signature, pg_get_functiondef(p.oid) as definition, p.prosrc as body,
       array(select a::text from unnest(p.proacl) a order by 1) as grants
     from pg_proc p where p.pronamespace::regnamespace::text in ('app', 'storage') order by 1`,
  );
}

export async function query<T extends object>(
  ownerUrl: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly T[]> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    return (await client.query<T>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Applies the migrations up to `last`, and nothing that came later: what a database was that an older version has set up. */
export async function migrateUntil(ownerUrl: string, last: string): Promise<void> {
  const names = readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith(".up.sql"))
    .map((file) => file.replace(".up.sql", ""))
    .filter((name) => name <= last);
  const up = (name: string) => async (trx: Kysely<unknown>) =>
    void (await sql.raw(readFileSync(path.join(MIGRATIONS, `${name}.up.sql`), "utf8")).execute(trx));
  const migrations = Object.fromEntries(names.map((name) => [name, { up: up(name) }]));
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: ownerUrl, max: 1 }) }),
  });
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
  }).migrateToLatest();
  await db.destroy();
  if (error !== undefined) throw error;
}
