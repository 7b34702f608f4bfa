import { readFileSync } from "node:fs";
import path from "node:path";
import type { Client } from "pg";
import type { About } from "#/local/archive/format.ts";
import { EXACT_TEXTS, quoteTable } from "#/local/archive/snapshot.ts";

const MIGRATIONS = path.resolve(import.meta.dirname, "../../migrations");

/** As Kysely makes them; what they hold is in the backup. */
const MIGRATION_TABLES = `
  create table public.kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
  create table public.kysely_migration_lock (id varchar(255) primary key, is_locked integer not null default 0)`;

const FOREIGN_KEYS = `
  select conrelid::regclass::text as "table", quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
  from pg_constraint
  where contype = 'f' and conparentid = 0 and connamespace::regnamespace::text in ('public', 'app', 'storage')`;

interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** @throws when something of Cairn is there: nothing is ever overwritten */
export async function refuseFilledDatabase(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'app', 'storage') and c.relkind in ('r', 'p') order by 1 limit 1`,
  );
  const [first] = rows;
  if (!first) return;
  throw new Error(
    `The database is not empty (it has the table ${first.name}), and a restore overwrites nothing. Give it an empty one: another database, or this one dropped and made anew.`,
  );
}

/**
 * Begins the one transaction of a restore and makes the schema of the backup in it: its migrations, then its functions, as they were.
 * Triggers sleep and foreign keys are away until everything has its place again.
 * @returns what `finishLoad` needs
 */
export async function beginLoad(client: Client, about: About): Promise<readonly ForeignKey[]> {
  await client.query("begin");
  await client.query(`${EXACT_TEXTS}; set local row_security = off; set local check_function_bodies = off`);
  await client.query(MIGRATION_TABLES);
  for (const name of about.migrations)
    await client.query(readFileSync(path.join(MIGRATIONS, `${name}.up.sql`), "utf8"));
  for (const { signature, definition } of about.functions)
    await client.query(replacing(signature, definition));
  for (const { table, day } of about.partitions)
    await client.query(
      "select storage.add_partition($1, $2::date) where to_regclass('storage.' || quote_ident($1 || to_char($2::date, '_YYYY_MM'))) is null",
      [table, day],
    );
  const { rows: keys } = await client.query<ForeignKey>(FOREIGN_KEYS);
  for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${name}`);
  for (const table of about.tables)
    await client.query(`alter table ${quoteTable(table)} disable trigger user`);
  // Migrations have put rows into some.
  await client.query(`truncate ${about.tables.map(quoteTable).join(", ")}`);
  return keys;
}

/** A function whose result or parameters a later file has changed cannot be replaced, only made anew. */
function replacing(signature: string, definition: string): string {
  return `do $restore_function$ begin
    execute ${quoteText(definition)};
  exception when invalid_function_definition then
    drop function if exists ${signature};
    execute ${quoteText(definition)};
  end $restore_function$`;
}

function quoteText(text: string): string {
  for (let number = 0; ; number += 1) {
    const tag = `$text${number}$`;
    if (!text.includes(tag)) return tag + text + tag;
  }
}

/** Returns the statement that puts rows of a table back, which are its one parameter. Generated columns make themselves. */
export async function insertionInto(client: Client, table: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [quoteTable(table)],
  );
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => `(r.whole).${name}`);
  return `insert into ${quoteTable(table)} (${names.join(", ")}) overriding system value
    select ${values.join(", ")} from (select unnest($1::text[])::${quoteTable(table)} as whole) r`;
}

/**
 * Runs were held by processes that are gone, so their leases are over. And the queue may remember ids of wake-ups that came after the backup:
 * the next ones are out of their reach.
 */
export const FREE_RUNS = `
  update agent_sessions set wakes = wakes + 1000000, lease_until = least(lease_until, now()), woken_at = 'epoch'
  where finished_at is null`;

/** Brings back what `beginLoad` has taken away. The functions' files are applied anew by the setup that follows, with their grants. */
export async function finishLoad(
  client: Client,
  { tables }: About,
  keys: readonly ForeignKey[],
): Promise<void> {
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${table} add constraint ${name} ${definition}`);
  if (tables.includes("app.function_files")) await client.query("delete from app.function_files");
  await client.query(FREE_RUNS);
  for (const table of tables) await client.query(`alter table ${quoteTable(table)} enable trigger user`);
  await client.query("commit");
}
