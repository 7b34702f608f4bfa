import type { Client } from "pg";
import { insertionInto } from "#/local/archive/load.ts";
import { EXACT_TEXTS, readPieces } from "#/local/archive/snapshot.ts";
import { type Fingerprint, FingerprintSum, requireSame } from "#/local/move/fingerprint.ts";
import type { Place } from "#/local/move/place.ts";
import { describeRow, fingerprintRows, readOpenRows, sealRow } from "#/local/move/rows.ts";
import { inTransaction } from "#/local/move/states.ts";
import type { MovedTable } from "#/local/move/tables.ts";

interface Copying {
  readonly from: Place;
  readonly to: Place;
  readonly workspaceId: string;
  readonly tables: readonly MovedTable[];
  /** Called when every row is written and compared, before the target keeps them. */
  readonly finish: () => Promise<void>;
  /** Tells how far it is. */
  readonly copied: (table: string, count: number) => Promise<void>;
}

/**
 * Copies a workspace's rows, a piece at a time, in one transaction of the target, and compares what arrived before it is kept: whatever ends it
 * half way leaves nothing there.
 * @returns the number of rows
 */
export async function copyRows(copying: Copying): Promise<number> {
  const { from, to } = copying;
  return inTransaction(
    from.database,
    () => inTransaction(to.database, () => copyAll(copying)),
    "isolation level repeatable read read only",
  );
}

async function copyAll(copying: Copying): Promise<number> {
  const { from, to, workspaceId, tables, finish, copied } = copying;
  for (const { database } of [from, to]) await database.query(EXACT_TEXTS);
  await to.database.query("select set_config('app.importing', 'on', true)");
  const left = await takeWhatIsLeft(to.database, workspaceId);
  await copyPeople(copying);
  await copyPlain(copying, "workspaces", "t.id = $1");
  // The embedded database ends a transaction that is not used for half a minute.
  const beat = () => from.database.query("select 1");
  let count = 0;
  for (const table of tables) {
    const written = await copyTable(copying, table);
    const arrived = { client: to.database, workspaceId, sealing: to.sealing };
    requireSame(`the table ${table.name}`, written, await fingerprintRows(arrived, table, beat));
    count += written.count;
    await copied(table.name, written.count);
  }
  await dropFormerMembers(to.database, workspaceId);
  await putRows(to.database, { table: "audit_log", rows: left, onConflict: "on conflict do nothing" });
  await finish();
  return count;
}

/** Takes away what an earlier move has left of the workspace at the target, or what the identity provider has told it of. @returns lines of its audit log that it alone has */
async function takeWhatIsLeft(target: Client, workspaceId: string): Promise<readonly string[]> {
  const { rows } = await target.query<{ row: string }>(
    "select t::text as row from audit_log t where t.workspace_id = $1",
    [workspaceId],
  );
  await target.query("delete from workspaces where id = $1", [workspaceId]);
  return rows.map(({ row }) => row);
}

/** Whoever the identity provider has told this deployment is gone does not come back with a copy of the moment before. */
async function dropFormerMembers(target: Client, workspaceId: string): Promise<void> {
  await target.query(
    `delete from members m using users u, workspaces w
     where m.workspace_id = $1 and u.id = m.user_id and w.id = m.workspace_id and exists (
       select from identity_news n where n.gone and n.subject in (u.clerk_id, w.clerk_org_id || ' ' || u.clerk_id)
     )`,
    [workspaceId],
  );
}

async function copyTable({ from, to, workspaceId }: Copying, table: MovedTable): Promise<Fingerprint> {
  const sum = new FingerprintSum();
  const reading = { client: from.database, workspaceId, sealing: from.sealing };
  for await (const rows of readOpenRows(reading, table)) {
    for (const row of rows) sum.add(describeRow(row));
    await putRows(to.database, { table: table.name, rows: rows.map((row) => sealRow(row, to.sealing)) });
  }
  return sum.total();
}

interface Rows {
  readonly table: string;
  readonly rows: readonly string[];
  /** What becomes of rows that are there already; without it, that is an error. */
  readonly onConflict?: string;
}

async function putRows(target: Client, { table, rows, onConflict = "" }: Rows): Promise<void> {
  if (rows.length === 0) return;
  const insertion = await insertionInto(target, `public.${table}`);
  await target.query(`${insertion} ${onConflict}`, [rows]);
}

async function copyPlain({ from, to, workspaceId }: Copying, table: string, where: string): Promise<void> {
  const text = `select t::text as row from ${table} t where ${where}`;
  for await (const rows of readPieces(from.database, { text, values: [workspaceId] }))
    await putRows(to.database, { table, rows: rows.map(({ row }) => row) });
}

const REFERENCES_TO_PEOPLE = `
  select c.relname as "table", a.attname as "column"
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
  where k.contype = 'f' and k.conparentid = 0 and k.confrelid = 'public.users'::regclass`;

/** People whom rows of the workspace name, and nobody else. Both deployments know a person by the same id: it is made of the identity provider's. */
async function copyPeople({ from, to, workspaceId, tables }: Copying): Promise<void> {
  const { rows: references } = await from.database.query<{ table: string; column: string }>(
    REFERENCES_TO_PEOPLE,
  );
  const moved = new Set(tables.map(({ name }) => name));
  const named = references
    .filter(({ table }) => moved.has(table) || table === "workspaces")
    .map(
      ({ table, column }) =>
        `select ${column} from ${table} where ${table === "workspaces" ? "id" : "workspace_id"} = $1`,
    );
  const { rows: people } = await from.database.query<Readonly<Record<string, unknown>>>(
    `select id, clerk_id, email, name, image_url, created_at from users where id in (${named.join(" union ")})`,
    [workspaceId],
  );
  for (const { id, clerk_id, email, name, image_url, created_at } of people)
    await to.database.query(
      `insert into users (id, clerk_id, email, name, image_url, created_at)
       values ($1, $2, case when not exists (select from users where email = $3) then $3 end, $4, $5, $6)
       on conflict (id) do nothing`,
      [id, clerk_id, email, name, image_url, created_at],
    );
}
