import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase, type Tenant } from "#/db/client.ts";
import { listRuns } from "#/db/runs.ts";
import type { SearchBounds } from "#/db/run-search.ts";
import { decodeCursor } from "#/lib/cursor.ts";
import { describeOnEachEngine, startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

interface Stored {
  readonly id: string;
  readonly words: readonly string[];
  readonly failed: boolean;
  /** Seconds before now; several runs may share a moment. */
  readonly age: number;
}

/** Stores runs as they are when they have ended. @returns them as they are listed */
async function storeRuns(owner: Client, workspaceId: string, runs: readonly Omit<Stored, "id">[]) {
  const stored = runs.map((run): Stored => ({ ...run, id: randomUUID() }));
  await owner.query(
    `insert into agent_sessions (workspace_id, id, agent_type, status, input, created_at, finished_at)
     select $1, r.id, 'graph', case when r.failed then 'failed' else 'succeeded' end, jsonb_build_object('said', r.words),
       moment, moment
     from jsonb_to_recordset($2::jsonb) as r (id uuid, words jsonb, failed boolean, age integer),
       lateral (select timestamptz '2026-01-01' - r.age * interval '1 second' as moment) m`,
    [workspaceId, JSON.stringify(stored)],
  );
  return stored.toSorted((a, b) => a.age - b.age || (a.id < b.id ? 1 : -1));
}

/** Reads a list to its end, page by page. */
async function readAll(tenant: Tenant, search: string, { bounds, limit, status }: Reading) {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRuns>> = await listRuns(
      tenant,
      { search, limit, status, cursor: cursor === null ? undefined : decodeCursor(cursor) },
      bounds,
    );
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}
interface Reading {
  readonly bounds: SearchBounds;
  readonly limit: number;
  readonly status?: "failed" | undefined;
}

const WORDS = ["apple", "applesauce", "pear", "plum", "quince"];
const arbitraryRun = fc.record({
  words: fc.subarray(WORDS, { minLength: 1 }),
  failed: fc.boolean(),
  age: fc.nat({ max: 20 }),
});
const arbitraryReading = fc.record({
  // Words of all runs, of some and of none, whichever way they are found.
  bounds: fc.record({ newest: fc.integer({ min: 1, max: 30 }), found: fc.integer({ min: 1, max: 30 }) }),
  limit: fc.integer({ min: 1, max: 12 }),
  status: fc.constantFrom(undefined, "failed" as const),
});

describeOnEachEngine("a search of runs", (kind) => {
  let database: TestDatabase;
  let db: Database;
  let owner: Client;
  beforeAll(async () => {
    database = await startTestDatabase(kind);
    db = openDatabase(database.runtimeUrl, 2);
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await db.close();
    await database.stop();
  });

  test("lists the runs that have all words or begin so, newest first and each once, by whichever way they are found", async () => {
    const asked = fc.subarray(["app", "apple", "APPLESAUCE", "pe", "plum", "quince", "absent"], {
      minLength: 1,
      maxLength: 2,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryRun, { maxLength: 40 }),
        asked,
        arbitraryReading,
        async (runs, words, reading) => {
          const { workspaceId } = await seedWorkspace(database.ownerUrl);
          const stored = await storeRuns(owner, workspaceId, runs);
          const expected = stored.filter(
            ({ words: has, failed }) =>
              words.every((word) => has.some((it) => it.startsWith(word.toLowerCase()))) &&
              (reading.status === undefined || failed),
          );
          const found = await readAll(db.tenant({ workspaceId }), words.join(" "), reading);
          expect(found).toEqual(expected.map(({ id }) => id));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("the role that searches", () => {
  let database: TestDatabase;
  let owner: Client;
  let ours = "";
  let theirs = "";
  beforeAll(async () => {
    database = await startTestDatabase();
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    [ours, theirs] = [
      (await seedWorkspace(database.ownerUrl)).workspaceId,
      (await seedWorkspace(database.ownerUrl)).workspaceId,
    ];
    for (const workspaceId of [ours, theirs])
      await storeRuns(owner, workspaceId, [
        { words: ["apple"], failed: false, age: 1 },
        { words: ["pear"], failed: false, age: 2 },
      ]);
  });
  afterAll(async () => {
    await owner.end();
    await database.stop();
  });

  /** Asks as the product does when it searches for words. */
  async function searching(words: string, statement: string, setting = "") {
    const client = new Client({ connectionString: database.runtimeUrl });
    await client.connect();
    try {
      await client.query(`begin; ${setting}`);
      await client.query(
        "select set_config('role', 'app_search', true), set_config('app.workspace_id', $1, true), set_config('app.words', $2, true)",
        [ours, words],
      );
      return (await client.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  test("sees what was asked for in its own workspace, and nothing where nothing was asked", async () => {
    expect(await searching("apple", "select workspace_id from run_words")).toEqual([{ workspace_id: ours }]);
    expect(await searching("apple", `select 1 from run_words where workspace_id = '${theirs}'`)).toEqual([]);
    expect(await searching("", "select 1 from run_words")).toEqual([]);
    expect(await searching("!!", "select 1 from run_words")).toEqual([]);
  });

  test("can change nothing and read no other table", async () => {
    await expect(searching("apple", "delete from run_words")).rejects.toThrow(/permission denied/);
    await expect(searching("apple", "update run_words set words = ''")).rejects.toThrow(/permission denied/);
    const { rows } = await owner.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ('public', 'app', 'storage')
         and has_table_privilege('app_search', c.oid, 'select, insert, update, delete')`,
    );
    expect(rows.map(({ name }) => name)).toEqual(["public.run_words"]);
  });

  test("finds by the index of words, whatever the planner believes of a workspace", async () => {
    await owner.query("analyze run_words");
    const plan = await searching(
      "apple",
      "explain select run_id from run_words",
      "set local enable_seqscan = off",
    );
    expect(JSON.stringify(plan)).toMatch(/Bitmap Index Scan on run_words_by_word/);
  });
});
