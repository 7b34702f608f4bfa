import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RETENTION_DEFAULTS, type Retention } from "#/agents/engine/retention.ts";
import { advanceRun } from "#/agents/runner/advance.ts";
import type { Tenant } from "#/db/client.ts";
import { insertEvent } from "#/db/events.ts";
import { listSteps } from "#/db/runs.ts";
import { readStorage, saveRetention } from "#/db/storage.ts";
import { keepStorage } from "#/db/upkeep.ts";
import { saveDelivery } from "#/db/webhooks.ts";
import { describeOnEachEngine } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { passMonths } from "#/tests/support/pass-months.ts";
import { publish, storeRun } from "#/tests/support/publish.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";
import { chain } from "#/tests/support/definitions.ts";

const talk = chain({
  a: { type: "llm", prompt: "hello" },
  b: { type: "set", values: { said: "{{ state.a }}" } },
});
const broken = chain({
  a: { type: "llm", prompt: "hello" },
  b: { type: "http", url: "http://127.0.0.1:1/", retry: { attempts: 1 } },
});
const waiting = chain({ a: { type: "llm", prompt: "hello" }, b: { type: "wait", for: "400d" } });

const TABLES: Readonly<Record<string, string>> = {
  agent_logs: "session_id",
  checkpoints: "thread_id",
  checkpoint_blobs: "thread_id",
  journal: "run_id",
};

describeOnEachEngine("storage", (kind) => {
  let engine: TestEngine;
  let owner: Client;
  beforeAll(async () => {
    // Long enough for a blob.
    engine = await openEngine({ engine: kind, model: () => "said ".repeat(20) });
    owner = new Client({ connectionString: engine.ownerUrl });
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await engine.close();
  });

  const rows = async <Row extends Record<string, unknown>>(
    statement: string,
    parameters: readonly unknown[] = [],
  ) => (await owner.query<Row>(statement, [...parameters])).rows;
  const keep = () => keepStorage(engine.db.system);
  const partitions = async () =>
    (
      await rows<{ name: string }>(
        "select relname as name from pg_class where relnamespace = 'storage'::regnamespace and relkind = 'r' order by 1",
      )
    ).map(({ name }) => name);
  /** How many rows of a run are left in each table; which days they go on. */
  const countLeft = async (run: string) => {
    const counts = Object.entries(TABLES).map(
      ([table, column]) =>
        `select '${table}' as name, count(*)::int as n from ${table} where ${column}::text = $1`,
    );
    return Object.fromEntries(
      (await rows<{ name: string; n: number }>(counts.join(" union all "), [run])).map(({ name, n }) => [
        name,
        n > 0,
      ]),
    );
  };
  const all = { agent_logs: true, checkpoints: true, checkpoint_blobs: true, journal: true };
  const none = { agent_logs: false, checkpoints: false, checkpoint_blobs: false, journal: false };

  async function workspace(retention: Partial<Retention> = {}): Promise<Tenant> {
    const tenant = engine.db.tenant(await seedWorkspace(engine.ownerUrl));
    await saveRetention(tenant, { ...RETENTION_DEFAULTS, ...retention });
    return tenant;
  }
  async function start(tenant: Tenant, definition: unknown = talk): Promise<string> {
    const id = await storeRun(tenant, definition);
    await deliver(tenant, id);
    return id;
  }
  const deliver = (tenant: Tenant, runId: string) =>
    advanceRun(
      engine.runner,
      { workspaceId: tenant.workspaceId, runId },
      { messageId: randomUUID(), retried: 0 },
    );

  /** Which partitions are read from or written to, by any of several transactions. */
  async function touchedBy(work: (time: number) => Promise<unknown>): Promise<readonly string[]> {
    const counts = async () =>
      rows<{ name: string; n: string }>(
        "select relname as name, coalesce(idx_scan, 0) + coalesce(seq_scan, 0) + n_tup_ins + n_tup_upd as n from pg_stat_all_tables where schemaname = 'storage' and relname <> 'upkeep'",
      );
    await owner.query("set stats_fetch_consistency = 'none'");
    const before = new Map((await counts()).map(({ name, n }) => [name, n]));
    for (let time = 1; time <= 12; time += 1) await work(time);
    return (await counts()).flatMap(({ name, n }) => (before.get(name) === n ? [] : [name])).toSorted();
  }

  test("looks into one partition of each table when a run is claimed or committed to, however often that has been", async () => {
    const tenant = await workspace();
    const run = await start(tenant);
    const [day] = await rows<{ checkpoints: string; logs: string }>(
      "select to_char(checkpoints_expire_on, '_YYYY_MM') as checkpoints, to_char(logs_expire_on, '_YYYY_MM') as logs from agent_sessions where id = $1",
      [run],
    );
    const touched = await touchedBy(async (time) => {
      await rows(
        "update agent_sessions set status = 'queued', finished_at = null, lease_by = null, lease_try = null, lease_until = null, due_at = now() where id = $1",
        [run],
      );
      await engine.db.system.transaction(async (trx) => {
        const { rows: claims } = await sql<{
          epoch: number;
        }>`select (app.claim_run(${tenant.workspaceId}, ${run}, 'm', 0, 1000) ->> 'epoch')::bigint as epoch`.execute(
          trx,
        );
        const blobs = [{ checkpoint_ns: "", channel: "c", version: String(time), type: "json", value: "1" }];
        const logs = [
          { step: "s", kind: "step", status: "succeeded", taskId: "t", superstep: 1, attempt: 1 },
        ];
        const checkpoints = [
          {
            checkpoint_ns: "",
            checkpoint_id: `2${time}`,
            parent_checkpoint_id: null,
            checkpoint: { channel_versions: { c: String(time) } },
            metadata: {},
          },
        ];
        await sql`select app.commit_superstep(${tenant.workspaceId}, ${run}, ${claims[0]?.epoch}, 'running', 0, 0, false, 0, 1000, null, null,
          ${JSON.stringify(checkpoints)}::jsonb, ${JSON.stringify(logs)}::jsonb, ${JSON.stringify({ blobs })}::jsonb), pg_stat_force_next_flush()`.execute(
          trx,
        );
      });
    });
    expect(touched).toEqual([
      `agent_logs${day?.logs}`,
      ...["checkpoint_blobs", "checkpoint_writes", "checkpoints", "journal"].map(
        (table) => `${table}${day?.checkpoints}`,
      ),
    ]);
    await rows("update agent_sessions set status = 'cancelled', finished_at = now() where id = $1", [run]);
    const plan = await rows<Record<string, string>>(
      `explain select * from agent_logs where session_id = '${run}' and expires_on = (select logs_expire_on from agent_sessions where id = '${run}')`,
    );
    expect(JSON.stringify(plan)).toContain("agent_logs_20");
  });

  test("drops exactly what is due, for two workspaces that keep things for different times", async () => {
    const brief = await workspace({ runs: 1, logs: 1, checkpoints: 1, deliveries: 1, events: 1, failed: 1 });
    const long = await workspace({ runs: 300, logs: 300, checkpoints: 100, deliveries: 300, events: 300 });
    // As after the next tick: partitions for what is kept so long.
    await rows("update storage.upkeep set done_on = '-infinity'");
    await keep();
    const [ours, theirs] = [await start(brief), await start(long)];
    for (const tenant of [brief, long])
      await insertEvent(tenant, { id: randomUUID(), key: "k", payload: 1, source: {} });
    await passMonths(engine.ownerUrl, 3);
    expect((await keep())?.partitions).toEqual(
      expect.arrayContaining([expect.stringMatching(/^dropped checkpoints /)]),
    );
    expect(await countLeft(ours)).toEqual(none);
    expect(await countLeft(theirs)).toEqual(all);
    expect(await engine.run(ours)).toEqual({});
    expect(await engine.run(theirs)).toMatchObject({ status: "succeeded" });
    expect(
      await rows("select workspace_id from events where workspace_id in ($1, $2)", [
        brief.workspaceId,
        long.workspaceId,
      ]),
    ).toEqual([{ workspace_id: long.workspaceId }]);
    await passMonths(engine.ownerUrl, 2);
    await keep();
    expect(await countLeft(theirs)).toEqual({ ...none, agent_logs: true });
    expect((await listSteps(long, theirs, { limit: 10 }))?.items).toHaveLength(2);
  });

  test("keeps runs that failed for longer, and then drops them too", async () => {
    const tenant = await workspace({ runs: 20, logs: 20, checkpoints: 20, failed: 150 });
    const [good, bad] = [await start(tenant), await start(tenant, broken)];
    expect(await engine.run(bad)).toMatchObject({ status: "failed" });
    await passMonths(engine.ownerUrl, 3);
    await keep();
    expect(await countLeft(good)).toEqual(none);
    expect(await countLeft(bad)).toEqual(all);
    await passMonths(engine.ownerUrl, 4);
    await keep();
    expect(await countLeft(bad)).toEqual(none);
    expect(await engine.run(bad)).toEqual({});
  });

  test("never drops what a run under way needs, however long it takes, and counts its time from its end", async () => {
    const tenant = await workspace({ runs: 40, logs: 40, checkpoints: 20, failed: 1 });
    const run = await start(tenant, waiting);
    for (let month = 1; month <= 5; month += 1) {
      await passMonths(engine.ownerUrl, 1);
      await keep();
      expect(await countLeft(run), `month ${month}`).toEqual(all);
    }
    await rows("update waits set due_at = now() where run_id = $1", [run]);
    await rows("update agent_sessions set due_at = now() where id = $1", [run]);
    await deliver(tenant, run);
    expect(await engine.run(run)).toMatchObject({ status: "succeeded", step: 3 });
    expect(engine.counts.modelCalls).toBe(engine.counts.journals);
    await keep();
    expect(await countLeft(run)).toEqual(all);
    await passMonths(engine.ownerUrl, 4);
    await keep();
    expect(await countLeft(run)).toEqual(none);
  });

  test("drops no partition from under a run that nobody has moved", async () => {
    const tenant = await workspace({ checkpoints: 1 });
    const run = await start(tenant, waiting);
    await rows(
      "update agent_sessions set lease_by = 'm', lease_try = 0, lease_until = now() + interval '1 hour', status = 'running', waiting_on = null where id = $1",
      [run],
    );
    await passMonths(engine.ownerUrl, 3);
    await keep();
    expect(await countLeft(run)).toMatchObject({ checkpoints: true, checkpoint_blobs: true, journal: true });
    await rows(
      "update agent_sessions set status = 'cancelled', finished_at = now() - interval '3 months', created_at = now() - interval '3 months', lease_by = null where id = $1",
      [run],
    );
  });

  test("does the work once when several ticks do it at once, and nothing more that day", async () => {
    await passMonths(engine.ownerUrl, 1);
    const ticks = await Promise.all([keep(), keep(), keep()]);
    const changes = ticks.flatMap((tick) => tick?.partitions ?? []);
    expect(new Set(changes).size).toBe(changes.length);
    await keep();
    const before = await partitions();
    expect(await keep()).toBeUndefined();
    await rows("update storage.upkeep set done_on = '-infinity'");
    expect(await keep()).toEqual({ partitions: [], kept: 0, expired: 0 });
    expect(await partitions()).toEqual(before);
  });

  // PGlite has one session at a time, so no table is ever in use by another.
  test.skipIf(kind === "pglite")("leaves a table alone that is in use, and comes back", async () => {
    await passMonths(engine.ownerUrl, 1);
    const reader = new Client({ connectionString: engine.ownerUrl });
    await reader.connect();
    await reader.query("begin");
    await reader.query(
      "lock table agent_logs, checkpoints, checkpoint_blobs, checkpoint_writes, journal, events, webhook_deliveries in access share mode",
    );
    const before = await partitions();
    // What is missing is added meanwhile: that needs no table for itself.
    expect((await keep())?.partitions.filter((change) => change.startsWith("dropped"))).toEqual([]);
    expect((await partitions()).filter((name) => before.includes(name))).toEqual(before);
    await reader.query("rollback");
    await reader.end();
    expect((await keep())?.partitions).not.toEqual([]);
  });

  test("adds the partitions that a longer retention needs, and moves what came before them", async () => {
    const tenant = await workspace({ runs: 360, logs: 360 });
    const run = await start(tenant);
    const [first] = await rows<{ place: string }>(
      "select tableoid::regclass::text as place from agent_logs where session_id = $1",
      [run],
    );
    expect(first?.place).toBe("storage.agent_logs_default");
    await rows("update storage.upkeep set done_on = '-infinity'");
    await keep();
    const [then] = await rows<{ place: string }>(
      "select tableoid::regclass::text as place from agent_logs where session_id = $1",
      [run],
    );
    expect(then?.place).toMatch(/^storage\.agent_logs_20\d\d_\d\d$/);
    expect((await listSteps(tenant, run, { limit: 10 }))?.items).toHaveLength(2);
  });

  test("lets tenants touch no partition and no upkeep", async () => {
    const names = await partitions();
    expect(names.length).toBeGreaterThan(20);
    for (const role of ["app_tenant", "app_runtime", "app_system"]) {
      const { rows: granted } = await owner.query(
        "select c.relname from pg_class c where c.relnamespace = 'storage'::regnamespace and c.relkind = 'r' and has_any_column_privilege($1, c.oid, 'select, insert, update, references')",
        [role],
      );
      expect(granted, role).toEqual([]);
    }
    await expect(
      engine.tenant.transaction((trx) => sql`select 1 from storage.agent_logs_default`.execute(trx)),
    ).rejects.toThrow(/permission denied for schema storage/);
    await expect(
      engine.tenant.transaction((trx) => sql`select storage.maintain()`.execute(trx)),
    ).rejects.toThrow(/permission denied/);
    await expect(
      engine.db.system.transaction((trx) => sql`select 1 from storage.agent_logs_default`.execute(trx)),
    ).rejects.toThrow(/permission denied/);
  });

  test("keeps a delivery once that comes again when its month has changed", async () => {
    const tenant = await workspace();
    const { workflowId } = await publish(tenant, talk);
    const [hook] = await rows<{ id: string }>(
      "insert into webhooks (workspace_id, id, workflow_id, name, token_hash, token_hint, token_sealed, secret_sealed) values ($1, gen_random_uuid(), $2, 'h', gen_random_uuid(), 'x', 'y', 'z') returning id",
      [tenant.workspaceId, workflowId],
    );
    const delivery = { webhookId: hook?.id ?? "", messageId: "m1", body: "{}", runId: null };
    await saveDelivery(tenant, { id: randomUUID(), ...delivery, isRefused: false });
    await passMonths(engine.ownerUrl, 1);
    const run = randomUUID();
    await saveDelivery(tenant, { id: randomUUID(), ...delivery, runId: run, isRefused: false });
    expect(await rows("select run_id from webhook_deliveries where webhook_id = $1", [hook?.id])).toEqual([
      { run_id: run },
    ]);
  });

  test("says how much the workspace stores, and nothing of others", async () => {
    const tenant = await workspace();
    expect(
      (await readStorage(tenant)).kinds.every(
        ({ rows: n, bytes, nextExpiry }) => n === 0 && bytes === 0 && nextExpiry === null,
      ),
    ).toBe(true);
    await start(tenant);
    await insertEvent(tenant, { id: randomUUID(), key: "k", payload: { text: "x".repeat(500) }, source: {} });
    const { kinds } = await readStorage(tenant);
    const of = (name: string) => kinds.find((amount) => amount.kind === name);
    expect(of("runs")).toMatchObject({ rows: 1, nextExpiry: expect.stringMatching(/^\d{4}-\d\d-01$/) });
    expect(of("logs")?.rows).toBe(2);
    expect(of("logs")?.bytes).toBeGreaterThan(100);
    expect(of("checkpoints")?.rows).toBeGreaterThan(3);
    expect(of("events")).toMatchObject({ rows: 1 });
    expect(of("events")?.bytes).toBeGreaterThan(500);
    expect(of("deliveries")).toMatchObject({ rows: 0, bytes: 0, oldest: null });
  });
});
