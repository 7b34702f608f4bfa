import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findApiKey } from "#/db/api-keys.ts";
import { openDatabase } from "#/db/client.ts";
import { dueSchedules } from "#/db/schedules.ts";
import { abandonMove, deleteLeftovers } from "#/local/move/move-workspace.ts";
import { TABLES_WITH_WORKSPACE, TREATMENTS } from "#/local/move/tables.ts";
import { createSealer } from "#/lib/seal.ts";
import { describeOnEachEngine, startTestDatabase } from "#/tests/support/database.ts";
import { fillWorkspace } from "#/tests/support/filled-workspace.ts";
import { move, type Region, startRegion, withPlaces } from "#/tests/support/regions.ts";
import { query } from "#/tests/support/sql-functions.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

/** A row of every table, with values that are really sealed. */
async function fill({ database, secretsKey }: Region): Promise<string> {
  const { workspaceId, userId } = await seedWorkspace(database.ownerUrl);
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await fillWorkspace(owner, workspaceId);
  await owner.query("delete from workspace_moves where workspace_id = $1", [workspaceId]);
  await owner.query("update api_keys set created_by = $2 where workspace_id = $1", [workspaceId, userId]);
  const { seal } = createSealer(secretsKey);
  await owner.query("update secrets set value_sealed = $2 where workspace_id = $1", [
    workspaceId,
    seal("the token", `secret ${workspaceId} TOKEN`),
  ]);
  for (const { id } of (
    await owner.query<{ id: string }>("select id from webhooks where workspace_id = $1", [workspaceId])
  ).rows)
    await owner.query("update webhooks set token_sealed = $2, secret_sealed = $3 where id = $1", [
      id,
      seal("token", `webhook token ${id}`),
      seal("whsec", `webhook secret ${id}`),
    ]);
  for (const { id } of (
    await owner.query<{ id: string }>("select id from connections where workspace_id = $1", [workspaceId])
  ).rows) {
    await owner.query("update connections set credentials_sealed = $2 where id = $1", [
      id,
      seal("{}", `connection ${id}`),
    ]);
    await owner.query(
      "update sign_ins set tokens_sealed = $2, begun_sealed = $3, begun_hash = 'h', begun_until = now() where connection_id = $1",
      [id, seal("{}", `mcp tokens ${id}`), seal("{}", `mcp sign-in ${id}`)],
    );
  }
  await owner.end();
  return workspaceId;
}

const SEALED = /_sealed$/;
/** A workspace's rows, but for what is sealed and what a move changes on purpose. */
async function readWorkspace({ database }: Region, workspaceId: string): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const [table, treatment] of Object.entries(TREATMENTS)) {
    if (treatment.does === "leave") continue;
    const lines = table === "audit_log" ? "and t.actor ->> 'kind' <> 'operator'" : "";
    const rows = await query<{ row: Record<string, unknown> }>(
      database.ownerUrl,
      `select to_jsonb(t) as row from ${table} t where workspace_id = $1 ${lines} order by t::text collate "C"`,
      [workspaceId],
    );
    const changed = table === "agent_sessions" ? { wakes: 0, lease_until: null, woken_at: null } : {};
    all[table] = rows
      .map(({ row }) =>
        Object.fromEntries(Object.entries({ ...row, ...changed }).filter(([name]) => !SEALED.test(name))),
      )
      .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  return all;
}

const vectorsOf = async (region: Region, namespace: string) => {
  const records = [];
  for await (const page of region.vectors.readNamespace(namespace)) records.push(...page.records);
  return records;
};

async function storeVectors(region: Region, namespace: string, count: number): Promise<void> {
  await region.vectors.create({ name: "cairn", dimension: 3, metric: "cosine" });
  for (let from = 0; from < count; from += 100)
    await region.vectors.write({
      namespace,
      records: Array.from({ length: Math.min(100, count - from) }, (_, index) => ({
        id: `${namespace}-${from + index}`,
        values: [0.1, from + index + 0.25, -1],
        metadata: { text: `passage ${from + index}` },
      })),
    });
}

const stateOf = async ({ database }: Region, workspaceId: string) =>
  (
    await query<{ state: string }>(
      database.ownerUrl,
      "select state from workspace_moves where workspace_id = $1",
      [workspaceId],
    )
  )[0]?.state;

test("every table with a workspace is moved or left for a reason, and so is everything sealed", async () => {
  const database = await startTestDatabase();
  const tables = await query<{ name: string }>(database.ownerUrl, TABLES_WITH_WORKSPACE);
  expect(Object.keys(TREATMENTS)).toEqual(tables.map(({ name }) => name));
  const sealed = await query<{ name: string }>(
    database.ownerUrl,
    "select table_name || '.' || column_name as name from information_schema.columns where column_name like '%\\_sealed' and table_schema = 'public' order by 1",
  );
  const known = Object.entries(TREATMENTS).flatMap(([table, treatment]) =>
    treatment.does === "move" ? (treatment.sealed ?? []).map(({ column }) => `${table}.${column}`) : [],
  );
  expect(known.toSorted()).toEqual(sealed.map(({ name }) => name));
  const counting = await query(
    database.ownerUrl,
    `select table_name from information_schema.columns where table_schema = 'public'
     and (is_identity = 'YES' or column_default like 'nextval%')`,
  );
  expect(counting, "numbers that two databases would give twice").toEqual([]);
  await database.stop();
});

describeOnEachEngine("a workspace that nobody works in", (engine) => {
  let eu: Region;
  let us: Region;
  let ours = "";
  let theirs = "";
  beforeAll(async () => {
    eu = await startRegion("eu", engine);
    us = await startRegion("us", engine);
    ours = await fill(eu);
    theirs = await fill(eu);
    await storeVectors(eu, ours, 130);
    await storeVectors(eu, theirs, 3);
  });
  afterAll(async () => {
    await eu.stop();
    await us.stop();
  });

  test("arrives with every row and vector, opens with the target's key, and nothing of another comes along", async () => {
    const before = await readWorkspace(eu, ours);
    const neighbour = await readWorkspace(eu, theirs);
    await move(eu, us, ours);
    expect(await readWorkspace(us, ours)).toEqual(before);
    expect(await vectorsOf(us, ours)).toEqual(await vectorsOf(eu, ours));
    const [secret] = await query<{ sealed: string }>(
      us.database.ownerUrl,
      "select value_sealed as sealed from secrets",
    );
    expect(createSealer(us.secretsKey).unseal(secret!.sealed, `secret ${ours} TOKEN`)).toBe("the token");
    expect([await stateOf(eu, ours), await stateOf(us, ours)]).toEqual(["moved", "arrived"]);

    expect(await readWorkspace(eu, theirs)).toEqual(neighbour);
    for (const table of Object.keys(TREATMENTS))
      expect(
        await query(us.database.ownerUrl, `select from ${table} where workspace_id <> $1`, [ours]),
        table,
      ).toEqual([]);
    expect(await query(us.database.ownerUrl, "select from workspaces where id <> $1", [ours])).toEqual([]);
    const people = await query<{ id: string }>(us.database.ownerUrl, "select id from users order by id");
    expect(people).toEqual(
      await query(
        eu.database.ownerUrl,
        "select user_id as id from members where workspace_id = $1 order by 1",
        [ours],
      ),
    );
    expect(await vectorsOf(us, theirs)).toEqual([]);
  });

  test("has its API keys and its schedules at the target, and at the source they tell where it is", async () => {
    const [key] = await query<{ hash: string }>(
      us.database.ownerUrl,
      "select hash from api_keys where workspace_id = $1",
      [ours],
    );
    const [here, there] = [eu, us].map(({ database }) => openDatabase(database.runtimeUrl, 1));
    expect(await findApiKey(there!, key!.hash)).toMatchObject({ workspaceId: ours });
    await expect(findApiKey(here!, key!.hash)).rejects.toMatchObject({
      code: "CA410",
      detail: "https://us.cairn.test",
    });
    expect((await dueSchedules(there!.system, 9)).map(({ workspaceId }) => workspaceId)).toEqual([ours]);
    expect((await dueSchedules(here!.system, 9)).map(({ workspaceId }) => workspaceId)).toEqual([theirs]);
    for (const db of [here!, there!]) await db.close();
  });

  test("leaves an audit line on both sides; its copy is deleted by itself, and it can come back", async () => {
    const actions = async ({ database }: Region) =>
      (
        await query<{ action: string }>(
          database.ownerUrl,
          "select action from audit_log where workspace_id = $1 and actor ->> 'kind' = 'operator' order by at",
          [ours],
        )
      ).map(({ action }) => action);
    expect(await actions(eu)).toEqual(["workspace.move-begun", "workspace.moved"]);
    expect(await actions(us)).toEqual(["workspace.move-begun", "workspace.arrived"]);
    await expect(move(us, eu, ours)).rejects.toThrow("delete that one first");
    const before = await readWorkspace(us, ours);
    await withPlaces([eu, us], (from, to) =>
      deleteLeftovers({ from, to, workspace: ours, reached: () => undefined }),
    );
    expect(await vectorsOf(eu, ours)).toEqual([]);
    const left = await readWorkspace(eu, ours);
    const named = Object.keys(left).filter((table) => (left[table] as unknown[]).length > 0);
    expect(named).toEqual(["api_keys", "members"]);
    await move(us, eu, ours);
    expect(await readWorkspace(eu, ours)).toEqual(before);
    expect(await vectorsOf(eu, ours)).toHaveLength(130);
    expect(await actions(eu)).toContain("workspace.copy-deleted");
  });

  test("is refused by a target that has it, by name of what is in the way, and nothing is begun", async () => {
    const [asia, id] = [await startRegion("asia", engine), randomUUID()];
    const sealed = await fill(asia);
    await expect(move(asia, eu, "nobody")).rejects.toThrow("no workspace “nobody”");
    await query(
      asia.database.ownerUrl,
      "insert into kysely_migration (name, timestamp) values ('9999_later', '')",
    );
    await expect(move(asia, eu, sealed)).rejects.toThrow(
      "different schemas: the source's last migration is 9999_later",
    );
    await query(asia.database.ownerUrl, "delete from kysely_migration where name = '9999_later'");
    await query(
      asia.database.ownerUrl,
      "insert into users (id, clerk_id) values ($1::uuid, $1::uuid::text)",
      [id],
    );
    await query(
      asia.database.ownerUrl,
      "insert into workspaces (id, clerk_org_id, name, slug) values ($1, 'o', 'n', 's')",
      [theirs],
    );
    await query(
      asia.database.ownerUrl,
      "insert into members (workspace_id, user_id, role) values ($1, $2, 'admin')",
      [theirs, id],
    );
    await query(
      asia.database.ownerUrl,
      "insert into store (workspace_id, namespace, key, value) values ($1, 'n', 'k', '1')",
      [theirs],
    );
    await expect(move(eu, asia, theirs)).rejects.toThrow("has this workspace already (its table store");
    expect(await stateOf(eu, theirs)).toBeUndefined();
    await query(asia.database.ownerUrl, "delete from store where workspace_id = $1", [theirs]);
    await move(eu, asia, theirs);
    await expect(
      withPlaces([eu, asia], (from, to) => abandonMove({ from, to, workspace: theirs })),
    ).rejects.toThrow("runs at https://asia");
    await asia.stop();
  });
});
