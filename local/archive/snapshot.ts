import type { Client } from "pg";
import type { About } from "#/local/archive/format.ts";

/** Texts of values must not depend on the server's settings: dates, intervals and numbers are read back by another one. */
export const EXACT_TEXTS =
  "set local timezone = 'UTC'; set local datestyle = 'ISO'; set local intervalstyle = 'postgres'; set local extra_float_digits = 1";

/** Tables of ours, partitioned ones as a whole. */
const TABLES = `
  select n.nspname || '.' || c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('public', 'app', 'storage') and c.relkind in ('r', 'p') and not c.relispartition
  order by 1`;

const FUNCTIONS = `
  select p.oid::regprocedure::text as signature, pg_get_functiondef(p.oid) as definition
  from pg_proc p where p.pronamespace::regnamespace::text in ('app', 'storage') order by 1`;

const PARTITIONS = `
  select d.relname as "table", to_char(to_date(right(c.relname, 7), 'YYYY_MM'), 'YYYY-MM-DD') as day
  from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class d on d.oid = i.inhparent
  where c.relnamespace = 'storage'::regnamespace and c.relkind = 'r' and c.relname ~ '_\\d{4}_\\d{2}$'
  order by 1, 2`;

type Schema = Pick<About, "migrations" | "tables" | "functions" | "partitions">;

/**
 * Opens one moment of the database, which everything is read from. Tables are locked against being dropped first, in a statement that takes no
 * snapshot, so that the moment has all of them; nobody who reads or writes waits for it. An owner from whom row-level security hides rows gets an error.
 */
export async function openSnapshot(client: Client): Promise<Schema> {
  const tables = await readNames(client, TABLES);
  if (!tables.includes("public.kysely_migration"))
    throw new Error("The database has no tables of Cairn: there is nothing to back up.");
  await client.query("begin isolation level repeatable read read only");
  await client.query(`lock table ${tables.map(quoteTable).join(", ")} in access share mode`);
  await client.query(`${EXACT_TEXTS}; set local row_security = off`);
  return {
    tables,
    migrations: await readNames(client, "select name from kysely_migration order by name"),
    functions: (await client.query<About["functions"][number]>(FUNCTIONS)).rows,
    partitions: (await client.query<About["partitions"][number]>(PARTITIONS)).rows,
  };
}

async function readNames(client: Client, statement: string): Promise<string[]> {
  return (await client.query<{ name: string }>(statement)).rows.map(({ name }) => name);
}

export function quoteTable(name: string): string {
  return name
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");
}

/** A piece is about so large: rows are fetched by the size of those before. */
const PIECE_BYTES = 1_048_576;
const MOST_ROWS = 1_000;

/** Reads all rows of a table in pieces. */
export async function* readRows(client: Client, table: string): AsyncGenerator<readonly string[]> {
  const pieces = readPieces<{ row: string }>(client, {
    text: `select t::text as row from ${quoteTable(table)} t`,
  });
  for await (const rows of pieces) yield rows.map(({ row }) => row);
}

/** Reads what a statement gives in pieces, within the transaction that is open. Its column `row` says how large a row is. */
export async function* readPieces<Row extends { readonly row: string }>(
  client: Client,
  { text, values = [] }: { readonly text: string; readonly values?: readonly unknown[] },
): AsyncGenerator<readonly Row[]> {
  await client.query(`declare rows no scroll cursor for ${text}`, [...values]);
  for (let wanted = 4; ;) {
    const { rows } = await client.query<Row>(`fetch ${wanted} from rows`);
    if (rows.length === 0) break;
    yield rows;
    const bytes = rows.reduce((sum, { row }) => sum + row.length, 0);
    wanted = Math.max(1, Math.min(MOST_ROWS, 2 * wanted, Math.floor((PIECE_BYTES * rows.length) / bytes)));
  }
  await client.query("close rows");
}
