import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";

/** Rows of one run and of all that it has started, as a version of Cairn has stored them. */
export interface StoredRun {
  readonly name: string;
  readonly runId: string;
  /** What it ends with when it continues. */
  readonly output: unknown;
  readonly rows: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

const FOLDER = path.resolve(import.meta.dirname, "../fixtures/runs");

/** By table, in the order in which they can be stored: which column names the run. */
const TABLES: Readonly<Record<string, string>> = {
  workflows: "",
  workflow_versions: "",
  agent_sessions: "id",
  checkpoints: "thread_id",
  checkpoint_blobs: "thread_id",
  checkpoint_writes: "thread_id",
  journal: "run_id",
  waits: "run_id",
  approvals: "run_id",
  side_effects: "run_id",
  agent_logs: "session_id",
};
/** Where rows are kept is not what they say. */
const PLACES = new Set(["expires_on", "logs_expire_on", "checkpoints_expire_on"]);

export function storedRuns(): readonly StoredRun[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .map((file): StoredRun => JSON.parse(readFileSync(path.join(FOLDER, file), "utf8")));
}

/** Writes a run down as it is stored now. A fixture is never recorded again: what an older version stored does not change. */
export async function recordRun(ownerUrl: string, run: Omit<StoredRun, "rows">): Promise<void> {
  const client = await connect(ownerUrl);
  const { rows: family } = await client.query<{ id: string }>(
    `with recursive family as (select id from agent_sessions where id = $1 union all
       select s.id from agent_sessions s join family f on s.parent_id = f.id) select id::text from family`,
    [run.runId],
  );
  const rows: Record<string, Record<string, unknown>[]> = {};
  for (const [table, column] of Object.entries(TABLES)) {
    const where =
      column === ""
        ? `id in (select ${table === "workflows" ? "workflow_id" : "workflow_version_id"} from agent_sessions where id = any($1::uuid[]))`
        : `${column}::text = any($1::text[])`;
    const result = await client.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${table} t where ${where}`,
      [family.map(({ id }) => id)],
    );
    rows[table] = result.rows.map(({ row }) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !PLACES.has(name))),
    );
  }
  await client.end();
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, `${run.name}.json`), `${JSON.stringify({ ...run, rows }, undefined, 1)}\n`);
}

/** Puts the rows into another workspace. Columns that came later get their defaults. */
export async function restoreRun(ownerUrl: string, workspaceId: string, { rows }: StoredRun): Promise<void> {
  const client = await connect(ownerUrl);
  for (const table of Object.keys(TABLES))
    for (const row of sorted(rows[table] ?? []))
      await insert(client, table, {
        ...row,
        ...(table === "workflows" && { name: `${String(row["name"])} ${String(row["id"])}` }),
        workspace_id: workspaceId,
      });
  await client.end();
}

/** Parents before their children. */
const sorted = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.toSorted((a, b) => Number(a["depth"] ?? 0) - Number(b["depth"] ?? 0));

async function insert(client: Client, table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select column_name as name from information_schema.columns where table_name = $1 and table_schema = 'public' and is_generated = 'NEVER'",
    [table],
  );
  const columns = rows.map(({ name }) => name).filter((name) => name in row && name !== "created_by");
  const list = columns.map((name) => `"${name}"`).join(", ");
  await client.query(
    `insert into ${table} (${list}) select ${list} from jsonb_populate_record(null::${table}, $1::jsonb)`,
    [JSON.stringify(row)],
  );
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}
