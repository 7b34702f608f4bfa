import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type Kysely, sql } from "kysely";

const FOLDER = path.join(import.meta.dirname, "functions");
const GRANTS = "grants.sql";
/** Nothing but what the files make is a function in these. */
const SCHEMAS = ["app", "storage"];

export interface FunctionFile {
  /** `runs/claim_run.sql`. */
  readonly path: string;
  readonly text: string;
  /** `app.claim_run(uuid, text)`: name and types of parameters, which is what tells overloads apart. */
  readonly signature: string;
  /** Of the file and of the grants, which follow every change. */
  readonly hash: string;
}

export async function readFunctionFiles(): Promise<readonly FunctionFile[]> {
  const grants = await readGrants();
  const paths = (await readdir(FOLDER, { recursive: true }))
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => file.includes("/") && file.endsWith(".sql"));
  return Promise.all(
    paths.toSorted().map(async (file) => {
      const text = await readFile(path.join(FOLDER, file), "utf8");
      const hash = createHash("sha256").update(text).update(grants).digest("hex");
      return { path: file, text, hash, signature: readSignature(file, text) };
    }),
  );
}

async function readGrants(): Promise<string> {
  return readFile(path.join(FOLDER, GRANTS), "utf8");
}

function readSignature(file: string, text: string): string {
  const [, name, parameters] = /^create or replace function ([a-z_.]+)\(([^)]*)\)/m.exec(text) ?? [];
  if (name === undefined || parameters === undefined) throw new Error(`${file} makes no function.`);
  // A parameter is its name and its type; no type of ours has a comma.
  const types = parameters.split(",").map((parameter) => parameter.trim().replace(/^\w+ /, ""));
  return `${name}(${types.join(", ")})`;
}

/**
 * Makes the functions of the database what the files in `db/functions` say: replaces those whose file has changed, drops those without a file.
 * Belongs into the transaction of the migrations before it, so that tables and functions change together or not at all.
 * @returns what has changed: paths of files, and signatures of dropped functions.
 */
export async function applyFunctionFiles(db: Kysely<unknown>): Promise<readonly string[]> {
  await sql`select pg_advisory_xact_lock(hashtextextended('app.function_files', 0))`.execute(db);
  const files = await readFunctionFiles();
  const changed = await findChanged(db, files);
  await sql`set local check_function_bodies = off`.execute(db);
  for (const file of changed) await replaceFunction(db, file);
  const dropped = await dropOthers(db, files);
  if (changed.length + dropped.length === 0) return [];
  await checkBodies(db);
  await sql.raw(await readGrants()).execute(db);
  await rememberFiles(db, files);
  return [...changed.map((file) => file.path), ...dropped];
}

/** Files that were not applied as they are now, or whose function is gone. */
async function findChanged(
  db: Kysely<unknown>,
  files: readonly FunctionFile[],
): Promise<readonly FunctionFile[]> {
  const { rows } = await sql<{ path: string; hash: string }>`
    select path, hash from app.function_files where to_regprocedure(signature) is not null`.execute(db);
  const applied = new Map(rows.map((row) => [row.path, row.hash]));
  return files.filter((file) => applied.get(file.path) !== file.hash);
}

async function replaceFunction(db: Kysely<unknown>, { path: file, text, signature }: FunctionFile) {
  try {
    await sql
      .raw(
        `do $replace$ begin
          execute ${quote(text)};
        exception when invalid_function_definition then
          -- Another result, or other names of parameters: PostgreSQL replaces such a function only by a new one.
          drop function if exists ${signature};
          execute ${quote(text)};
        end $replace$`,
      )
      .execute(db);
  } catch (error) {
    throw new Error(`db/functions/${file} cannot be applied; the database is unchanged.`, { cause: error });
  }
}

function quote(text: string): string {
  const tag = `$text_${createHash("sha256").update(text).digest("hex").slice(0, 8)}$`;
  return `${tag}${text}${tag}`;
}

async function dropOthers(db: Kysely<unknown>, files: readonly FunctionFile[]): Promise<readonly string[]> {
  const signatures = files.map((file) => file.signature);
  const { rows } = await sql<{ signature: string }>`
    select p.oid::regprocedure::text as signature
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = any (${SCHEMAS}::text[])
      and not exists (select from unnest(${signatures}::text[]) s (name) where to_regprocedure(s.name) = p.oid)
    order by 1`.execute(db);
  for (const { signature } of rows) await sql.raw(`drop function ${signature}`).execute(db);
  return rows.map((row) => row.signature);
}

/** Bodies are checked when all functions are there: they may call one another in any order. */
async function checkBodies(db: Kysely<unknown>): Promise<void> {
  await sql`set local check_function_bodies = on`.execute(db);
  await sql`
    select case l.lanname when 'sql' then fmgr_sql_validator(p.oid)::text else plpgsql_validator(p.oid)::text end
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    join pg_language l on l.oid = p.prolang
    where n.nspname = any (${SCHEMAS}::text[])`.execute(db);
}

async function rememberFiles(db: Kysely<unknown>, files: readonly FunctionFile[]): Promise<void> {
  await sql`delete from app.function_files`.execute(db);
  await sql`
    insert into app.function_files (path, signature, hash)
    select * from jsonb_to_recordset(${JSON.stringify(files)}::jsonb) as f (path text, signature text, hash text)`.execute(
    db,
  );
}
