import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configureNeon } from "#/db/neon.ts";
import { migrateToLatest } from "#/db/migrate.ts";
import { readArchive, writeArchive } from "#/local/archive/archive-file.ts";
import { makeBackup } from "#/local/archive/make-backup.ts";
import { openBackup, restoreBackup } from "#/local/archive/restore-backup.ts";
import { openConfig } from "#/local/config.ts";
import type { Entry } from "#/local/archive/tar.ts";
import { VectorStore } from "#/local/archive/vectors.ts";
import { startNeon } from "#/local/neon/serve.ts";
import { startPinecone } from "#/local/pinecone/serve.ts";
import {
  type DatabaseEngine,
  describeOnEachEngine,
  postgresUnavailable,
  startEmptyDatabase,
  startTestDatabase,
  type TestDatabase,
} from "#/tests/support/database.ts";
import { makeUrls, PASSWORDS } from "#/tests/support/database-template.ts";
import { chain, set } from "#/tests/support/definitions.ts";
import { openEngine } from "#/tests/support/engine.ts";
import { fillWorkspace } from "#/tests/support/filled-workspace.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";
import { migrateUntil, query } from "#/tests/support/sql-functions.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

const PASSPHRASE = "a passphrase of its own";
const SEALING_KEY = randomBytes(32).toString("base64");
const FILES = { "config.json": '{"secrets":{"sealingKey":"k"}}', "identity.json": '{"users":{}}' };
/** What is the same on both is tried on one. */
const MAIN = postgresUnavailable === undefined ? "postgres" : "pglite";
const OTHER = { postgres: "pglite", pglite: "postgres" } as const;

let folder: string;
let stores: Awaited<ReturnType<typeof startPinecone>>[];
beforeAll(async () => {
  folder = scratchDirectory();
  const start = () => startPinecone({ port: 0, apiKey: "key", dataDir: undefined });
  stores = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.stop()));
  rmSync(folder, { recursive: true, force: true });
});

const vectorsOf = (store: number, index = "cairn") =>
  new VectorStore({ apiKey: "key", controllerUrl: `http://127.0.0.1:${stores[store]!.port}`, index });
const newFile = () => path.join(folder, `${randomUUID()}.backup`);

async function emptyDatabase(engine: DatabaseEngine): Promise<TestDatabase> {
  if (engine === "postgres") return startEmptyDatabase();
  const { port, stop } = await startNeon({
    port: 0,
    engine: { kind: "pglite", dataDir: undefined },
    passwords: PASSWORDS,
  });
  const urls = makeUrls(port, "cairn");
  configureNeon(urls.ownerUrl);
  return { ...urls, stop };
}

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const backUp = (database: TestDatabase, file: string) =>
  connected(database.ownerUrl, (client) =>
    makeBackup(file, {
      database: client,
      vectors: vectorsOf(0),
      files: FILES,
      sealingKey: SEALING_KEY,
      passphrase: PASSPHRASE,
    }),
  );

const restore = async (file: string, database: TestDatabase, sealingKey = SEALING_KEY) => {
  const backup = await openBackup(file, PASSPHRASE);
  return connected(database.ownerUrl, (client) =>
    restoreBackup(backup, { database: client, vectors: vectorsOf(1), sealingKey }),
  );
};

const isEmpty = async ({ ownerUrl }: TestDatabase) =>
  (await query(ownerUrl, "select from pg_class where relname = 'kysely_migration'")).length === 0;

/** Every table's rows, as texts, but for what a restore changes on purpose. */
async function readEverything(url: string): Promise<Record<string, unknown>> {
  const tables = await query<{ name: string }>(
    url,
    `select c.oid::regclass::text as name from pg_class c where c.relkind in ('r', 'p') and not c.relispartition
     and c.relnamespace::regnamespace::text in ('public', 'app', 'storage') order by 1`,
  );
  const all: Record<string, unknown> = {};
  for (const { name } of tables) {
    if (name === "app.function_files") continue;
    const rows = await query<{ row: object }>(
      url,
      `select to_jsonb(t) as row from ${name} t order by t::text`,
    );
    const changed = { wakes: 0, lease_until: null, woken_at: null };
    all[name] = rows.map(({ row }) => (name === "agent_sessions" ? Object.assign(row, changed) : row));
  }
  return all;
}

async function rewrite(file: string, change: (entry: Entry) => readonly Entry[]): Promise<string> {
  const other = newFile();
  await writeArchive(
    other,
    (async function* () {
      for await (const entry of readArchive(file)) yield* change(entry);
    })(),
  );
  return other;
}

describeOnEachEngine("a backup", (kind) => {
  test("taken while runs wait and one is at work lets all of them continue elsewhere, and nothing that was paid is paid again", async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => void (release = resolve));
    let begin = () => {};
    const begun = new Promise<void>((resolve) => void (begin = resolve));
    const lookUp = { tool: "knowledge_search", input: { query: "cairns" } };
    const before = await openEngine({
      engine: kind,
      model: (prompt) => (prompt.includes("tool-result") ? "answered" : lookUp),
      ports: { search: async () => (begin(), await released, []) },
    });
    const asks = chain({ ask: { type: "approval", title: "Go?" }, after: set("{{ state.ask.action }}") });
    const approval = await before.begin({ ...asks, output: { after: "{{ state.after.value }}" } });
    const timer = await before.begin(chain({ hold: { type: "wait", for: "1s" }, after: set(1) }));
    const working = await before.start(
      chain({ ask: { type: "agent", role: "Clerk", goal: "g", tools: ["knowledge_search"] } }),
    );
    const atWork = before.deliver(working);
    await Promise.race([begun, atWork]);
    const paid = before.counts.modelCalls;
    const file = newFile();
    await backUp({ ownerUrl: before.ownerUrl, runtimeUrl: "", stop: async () => {} }, file);
    release();
    await atWork;
    const { workspaceId } = before.tenant;
    await before.close();

    const database = await emptyDatabase(OTHER[kind]);
    await restore(file, database);
    await migrateToLatest(database.ownerUrl, database.runtimeUrl);
    const after = await openEngine({
      database,
      workspaceId,
      model: (prompt) => (prompt.includes("tool-result") ? "answered" : new Error("This was paid already.")),
    });
    await new Promise((resolve) => void setTimeout(resolve, 1_100));
    await after.sweep();
    await after.settle();
    expect(await after.run(timer)).toMatchObject({ status: "succeeded" });
    expect(await after.run(working)).toMatchObject({ status: "succeeded" });
    expect([paid, after.counts.modelCalls]).toEqual([1, 1]);
    expect(await after.run(approval)).toMatchObject({ status: "waiting" });
    await after.decide(approval, { action: "approve" });
    await after.settle();
    expect(await after.run(approval)).toMatchObject({ status: "succeeded", output: { after: "approve" } });
    await after.close();
  });
});

describeOnEachEngine("a restore", (kind) => {
  let source: TestDatabase;
  let file: string;
  beforeAll(async () => {
    source = await startTestDatabase(kind);
    const { workspaceId } = await seedWorkspace(source.ownerUrl);
    await connected(source.ownerUrl, async (client) => {
      await fillWorkspace(client, workspaceId);
      await client.query("update workspaces set limits = $1", [
        JSON.stringify({ odd: 'a\\b "c"\n,(d)', nothing: null, big: "ü".repeat(3_000_000), exact: 1 / 3 }),
      ]);
      await client.query("select storage.add_partition('events', '2020-01-01')");
    });
    const vectors = vectorsOf(0);
    await vectors.create({ name: "cairn", dimension: 3, metric: "cosine" });
    const records = Array.from({ length: 230 }, (_, index) => ({
      id: `${workspaceId}-${index}`,
      values: [0.1, index + 0.25, -1],
      metadata: { text: `passage ${index}`, page: index },
    }));
    for (let from = 0; from < 230; from += 100)
      await vectors.write({ namespace: workspaceId, records: records.slice(from, from + 100) });
    file = newFile();
    await backUp(source, file);
  });
  afterAll(() => source.stop());

  test("brings back every row of every table, all vectors and the keys, and leaves no half file behind", async () => {
    const database = await emptyDatabase(kind);
    const backup = await openBackup(file, PASSPHRASE);
    expect(backup.files).toEqual(FILES);
    const manifest = await restore(file, database);
    expect(await readEverything(database.ownerUrl)).toEqual(await readEverything(source.ownerUrl));
    const again = newFile();
    const pages = [];
    for await (const page of vectorsOf(1).read()) pages.push(page);
    const expected = [];
    for await (const page of vectorsOf(0).read()) expected.push(page);
    expect(pages).toEqual(expected);
    expect(manifest.vectors.count).toBe(expected.flatMap(({ records }) => records).length);
    await migrateToLatest(database.ownerUrl, database.runtimeUrl);
    expect(Object.keys((await backUp(database, again)).tables)).toEqual(Object.keys(manifest.tables));
    expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
    expect(statSync(file).mode & 0o077).toBe(0);
    await database.stop();
  });

  test("overwrites nothing", async () => {
    await expect(restore(file, source)).rejects.toThrow("is not empty");
  });

  test.runIf(kind === MAIN)(
    "ends without a trace when the archive is cut, changed, or of another key",
    async () => {
      const database = await emptyDatabase(kind);
      const cut = newFile();
      writeFileSync(cut, readFileSync(file));
      truncateSync(cut, Math.floor(statSync(file).size * 0.8));
      await expect(restore(cut, database)).rejects.toThrow(/damaged|ends too early/);
      const noEnd = await rewrite(file, (entry) => (entry.name === "manifest.json" ? [] : [entry]));
      await expect(restore(noEnd, database)).rejects.toThrow("ends too early");
      const lost = await rewrite(file, (entry) => (entry.name.includes("public.members/") ? [] : [entry]));
      await expect(restore(lost, database)).rejects.toThrow("public.members is not what was written");
      await expect(restore(file, database, "another key")).rejects.toThrow("SECRETS_KEY is not the one");
      await expect(openBackup(file, "wrong")).rejects.toThrow("passphrase does not open");
      await expect(openBackup(path.join(import.meta.dirname, "backup.test.ts"), PASSPHRASE)).rejects.toThrow(
        "is no backup",
      );
      expect(await isEmpty(database)).toBe(true);
      await restore(file, database);
      expect(await isEmpty(database)).toBe(false);
      await database.stop();
    },
  );

  test.runIf(kind === MAIN)("refuses a schema that this version does not know, by name", async () => {
    const newer = await rewrite(file, ({ name, bytes }) => {
      if (name !== "about.json") return [{ name, bytes }];
      const about = JSON.parse(bytes.toString()) as { migrations: string[] };
      return [
        {
          name,
          bytes: Buffer.from(JSON.stringify({ ...about, migrations: [...about.migrations, "9999_later"] })),
        },
      ];
    });
    await expect(openBackup(newer, PASSPHRASE)).rejects.toThrow(
      "made by a newer version of Cairn: its database has 9999_later",
    );
  });

  test.runIf(kind === MAIN)(
    "makes an older schema as it was and then brings it to this version's",
    async () => {
      const old = await emptyDatabase(kind);
      await migrateUntil(old.ownerUrl, "0037_cancelled_usage");
      const { workspaceId } = await seedWorkspace(old.ownerUrl);
      const older = newFile();
      await backUp(old, older);
      await old.stop();
      const database = await emptyDatabase(kind);
      await restore(older, database);
      const { migrations } = await migrateToLatest(database.ownerUrl, database.runtimeUrl);
      expect(migrations[0]).toBe("0038_function_files");
      expect(await query(database.ownerUrl, "select id from workspaces")).toEqual([{ id: workspaceId }]);
      await database.stop();
    },
  );
});

test("npm run restore makes a deployment out of a file, and npm run backup a file out of it", async () => {
  const run = (script: string, file: string, env: Record<string, string>) =>
    promisify(execFile)(process.execPath, [script, file], { env: { ...process.env, ...env } });
  const parent = scratchDirectory();
  const home = path.join(parent, "home");
  const config = await openConfig(path.join(parent, "before"));
  const source = await startTestDatabase("pglite");
  const { workspaceId } = await seedWorkspace(source.ownerUrl);
  const file = newFile();
  await connected(source.ownerUrl, (client) =>
    makeBackup(file, {
      database: client,
      vectors: vectorsOf(0, "none"),
      files: { "config.json": JSON.stringify(config) },
      sealingKey: config.secrets.sealingKey,
      passphrase: PASSPHRASE,
    }),
  );
  await source.stop();
  const env = { CAIRN_HOME: home, CAIRN_BACKUP_PASSPHRASE: PASSPHRASE };

  const { stdout } = await run("local/restore.ts", file, env);
  expect(stdout).toContain("are restored");
  await expect(run("local/restore.ts", file, env)).rejects.toThrow("is not empty");
  await openConfig(path.join(parent, "other"));
  await expect(
    run("local/restore.ts", file, { ...env, CAIRN_HOME: path.join(parent, "other") }),
  ).rejects.toThrow("Another deployment");
  const again = newFile();
  const made = await run("local/backup.ts", again, { CAIRN_HOME: home });
  expect(made.stdout).toContain("keep that one in another place");
  await expect(run("local/backup.ts", again, { CAIRN_HOME: home })).rejects.toThrow("overwrites nothing");
  const { files, rest } = await openBackup(again, readFileSync(`${again}.passphrase`, "utf8").trim());
  expect(JSON.parse(files["config.json"] ?? "")).toMatchObject({ secrets: config.secrets });
  const rows = [];
  for await (const { name, bytes } of rest)
    if (name.startsWith("tables/public.workspaces/")) rows.push(bytes.toString());
  expect(rows.join()).toContain(workspaceId);
  rmSync(parent, { recursive: true });
}, 900_000);
