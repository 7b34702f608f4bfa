import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "#/db/client.ts";
import { startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";
import { fillWorkspace } from "#/tests/support/filled-workspace.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

/** Indexes that serve callers who have no workspace yet. Each is narrow, and only role app_system uses it. */
const SYSTEM_INDEXES: Readonly<Record<string, string>> = {
  run_words_by_word: "begins each of its words with the workspace: app.own_word",
  system_api_keys_hash: "finds the workspace of an API key",
  system_webhooks_token: "finds the workspace of a webhook address",
  system_agent_sessions_expiry: "the tick looks for runs of all workspaces whose time is over",
  system_agent_sessions_kept: "and for those whose rows have to stay longer",
  system_agent_sessions_owed: "the sweeper looks for owed wake-ups of all workspaces",
  system_events_undelivered: "events that nobody has taken",
  system_push_subscriptions_endpoint:
    "a browser that somebody else has subscribed leaves those who had it before",
  system_schedules_due: "the tick looks for due schedules of all workspaces",
  system_waits_resolved: "the sweeper looks for answers that nobody has taken in",
};

/** What no role of the product may do to a table. */
const STAYS: Readonly<Record<string, readonly string[]>> = {
  accepted_tools: ["update", "delete"],
  audit_log: ["update", "delete"],
  idempotency_keys: ["update"],
  skills: ["update"],
  workspace_moves: ["update", "delete"],
};
/** Tables into which no role of the product may put a row. */
const WRITTEN_BY_THE_OWNER: ReadonlySet<string> = new Set(["workspace_moves"]);
const listChanges = (table: string): Readonly<Record<string, string>> => ({
  update: `update ${table} set workspace_id = workspace_id where workspace_id = $1`,
  delete: `delete from ${table} where workspace_id = $1`,
});

let database: TestDatabase;
let db: Database;
let owner: Client;
let ours = "";
let theirs = "";
let tables: readonly string[] = [];

beforeAll(async () => {
  database = await startTestDatabase();
  db = openDatabase(database.runtimeUrl, 4);
  owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const { rows } = await owner.query<{ table_name: string }>(
    "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'workspace_id' order by 1",
  );
  tables = rows.map((row) => row.table_name);
  ours = (await seedWorkspace(database.ownerUrl)).workspaceId;
  theirs = (await seedWorkspace(database.ownerUrl)).workspaceId;
  await fillWorkspace(owner, theirs);
});
afterAll(async () => {
  await owner.end();
  await db.close();
  await database.stop();
});

describe("the catalogue", () => {
  test("forces row-level security with a policy on every table of a workspace", async () => {
    const { rows } = await owner.query<{ name: string; ok: boolean }>(
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity and exists (
         select 1 from pg_policies p where p.tablename = c.relname and 'app_tenant' = any (p.roles) and p.cmd = 'ALL' and p.with_check is not null) as ok
       from pg_class c where c.relname = any ($1) and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`,
      [tables],
    );
    expect(rows.filter((row) => !row.ok)).toEqual([]);
    expect(rows.length).toBe(tables.length);
    expect(tables.length).toBeGreaterThan(15);
  });

  test("starts every key and index of such a table with the workspace, save the listed ones of the system", async () => {
    const { rows } = await owner.query<{ index: string; first: string }>(
      `select i.relname as index, coalesce(a.attname, 'an expression') as first from pg_index x
       join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
       left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0] where c.relname = any ($1) and c.relnamespace = 'public'::regnamespace`,
      [tables],
    );
    expect(
      rows
        .filter((row) => row.first !== "workspace_id")
        .map((row) => row.index)
        .toSorted(),
    ).toEqual(Object.keys(SYSTEM_INDEXES).toSorted());
  });

  test("carries the workspace in every foreign key between two such tables", async () => {
    const { rows } = await owner.query<{ name: string }>(
      `select k.conname as name from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
       where k.contype = 'f' and c.relname = any ($1) and f.relname = any ($1)
         and not exists (select 1 from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'workspace_id' and a.attnum = any (k.conkey))`,
      [tables],
    );
    expect(rows).toEqual([]);
  });

  test("lets no role of the product pass row-level security", async () => {
    const { rows } = await owner.query(
      "select rolname from pg_roles where rolname like 'app\\_%' and (rolbypassrls or rolsuper or rolinherit and rolname = 'app_runtime')",
    );
    expect(rows).toEqual([]);
  });
});

describe("another workspace", () => {
  test("has rows in every table, so that the probes below can fail", async () => {
    for (const table of tables) {
      const { rows } = await owner.query<{ n: number }>(
        `select count(*)::int as n from ${table} where workspace_id = $1`,
        [theirs],
      );
      expect(rows[0]?.n, table).toBeGreaterThan(0);
    }
  });

  test("cannot be read, changed or deleted from ours, in any table", async () => {
    await runtime(async (client) => {
      for (const table of tables) {
        const { rows } = await client.query<{ n: number }>(
          `select count(*)::int as n from ${table} where workspace_id = $1`,
          [theirs],
        );
        expect(rows[0]?.n, `read ${table}`).toBe(0);
        for (const [verb, statement] of Object.entries(listChanges(table))) {
          if (STAYS[table]?.includes(verb)) continue;
          expect((await client.query(statement, [theirs])).rowCount, `${verb} ${table}`).toBe(0);
        }
      }
    });
  });

  test("and ours too: what was done stays written down, whichever role of the product asks", async () => {
    for (const [table, verbs] of Object.entries(STAYS)) {
      for (const verb of verbs) {
        const statement = listChanges(table)[verb] ?? "";
        await expect(
          runtime((client) => client.query(statement, [ours])),
          `${verb} ${table}`,
        ).rejects.toThrow(/permission denied/);
        await expect(
          db.system.transaction((trx) => sql.raw(statement.replace("$1", `'${ours}'`)).execute(trx)),
          `${verb} ${table}`,
        ).rejects.toThrow(/permission denied/);
      }
    }
  });

  test("cannot be written into from ours, in any table", async () => {
    for (const table of tables) {
      const { rows } = await owner.query<Record<string, unknown>>(
        `select * from ${table} where workspace_id = $1 limit 1`,
        [theirs],
      );
      const row = rows[0] ?? {};
      const generated = await owner.query<{ name: string }>(
        "select attname as name from pg_attribute where attrelid = $1::regclass and attgenerated <> ''",
        [table],
      );
      const computed = new Set(generated.rows.map(({ name }) => name));
      const columns = Object.keys(row).filter((column) => !computed.has(column));
      const values = columns.map((column) => asParameter(row[column]));
      const insert = `insert into ${table} (${columns.map((column) => `"${column}"`).join(", ")}) values (${columns.map((_, index) => `$${index + 1}`).join(", ")})`;
      await expect(
        runtime((client) => client.query(insert, values)),
        table,
      ).rejects.toThrow(WRITTEN_BY_THE_OWNER.has(table) ? /permission denied/ : /row-level security/);
    }
  });

  test("shows nothing to the runtime role outside a context", async () => {
    const client = new Client({ connectionString: database.runtimeUrl });
    await client.connect();
    for (const table of [...tables, "workspaces", "users"]) {
      await expect(client.query(`select 1 from ${table}`), table).rejects.toThrow(/permission denied/);
    }
    await client.end();
  });

  test("cannot be claimed, committed to or journaled for from ours", async () => {
    const { rows } = await owner.query<{ id: string }>(
      "select id from agent_sessions where workspace_id = $1 limit 1",
      [theirs],
    );
    const run = rows[0]?.id;
    expect(await db.call("select app.claim_run($1, $2, 'm', 0, 1000) as answer", [ours, run])).toEqual([
      { answer: null },
    ]);
    await expect(
      db.call("select app.journal_result($1, $2, $3::jsonb)", [
        ours,
        run,
        { key: "k", superstep: 0, result: {} },
      ]),
    ).rejects.toThrow(/foreign key/);
  });

  test("leaves no row in any table when it is deleted, and the others keep theirs", async () => {
    const gone = (await seedWorkspace(database.ownerUrl)).workspaceId;
    await fillWorkspace(owner, gone);
    await db.system.transaction(
      async (trx) => void (await trx.deleteFrom("workspaces").where("id", "=", gone).execute()),
    );
    for (const table of tables) {
      const { rows } = await owner.query<{ n: number }>(
        `select count(*)::int as n from ${table} where workspace_id = $1`,
        [gone],
      );
      expect(rows[0]?.n, table).toBe(0);
      const { rows: others } = await owner.query<{ n: number }>(
        `select count(*)::int as n from ${table} where workspace_id = $1`,
        [theirs],
      );
      expect(others[0]?.n, table).toBeGreaterThan(0);
    }
  });
});

/** As the product: the runtime role, in our workspace, undone at the end. */
async function runtime<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: database.runtimeUrl });
  await client.connect();
  try {
    await client.query("begin");
    await client.query(
      "select set_config('role', 'app_tenant', true), set_config('app.workspace_id', $1, true)",
      [ours],
    );
    return await work(client);
  } finally {
    await client.query("rollback");
    await client.end();
  }
}

function asParameter(value: unknown): unknown {
  if (value === null || typeof value !== "object" || value instanceof Date || Buffer.isBuffer(value))
    return value;
  return Array.isArray(value) && value.every((item) => typeof item === "string")
    ? value
    : JSON.stringify(value);
}
