import net from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Database, openDatabase } from "#/db/client.ts";
import { ownWritesIn } from "#/lib/cloud/own-writes.ts";
import type { ReadReason } from "#/db/replica.ts";
import { createWorkflow, listWorkflows } from "#/db/workflows.ts";
import { connectKv } from "#/lib/cloud/kv.ts";
import { newId } from "#/lib/id.ts";
import { startNeon } from "#/local/neon/serve.ts";
import { startRedis } from "#/local/redis/serve.ts";
import { makeCaller } from "#/tests/support/api.ts";
import { startAppServer } from "#/tests/support/app-server.ts";
import { postgresUnavailable } from "#/tests/support/database.ts";
import { makeUrls, PASSWORDS } from "#/tests/support/database-template.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Pair, startPair } from "#/tests/support/standby.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

describe.skipIf(postgresUnavailable !== undefined)("a read replica", () => {
  let pair: Pair;
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let kvStore: ReturnType<typeof connectKv>;
  const open: Database[] = [];

  beforeAll(async () => {
    [pair, redis] = await Promise.all([startPair(), startRedis({ port: 0, token: "kv" })]);
    kvStore = connectKv({ url: `http://127.0.0.1:${redis.port}`, token: "kv" });
  });
  afterAll(async () => {
    await Promise.allSettled(open.map((db) => db.close()));
    await redis?.stop();
    await pair?.stop();
  });
  beforeEach(async () => {
    await pair.onStandby("select pg_wal_replay_resume()");
  });

  /** A process of the deployment: what it remembers is its own, KV belongs to all. A busy machine is slow to connect, so it is patient. */
  function startProcess({
    url = pair.standbyUrl,
    mostLagMs = 60_000,
    patienceMs = 60_000,
    store = kvStore,
  } = {}) {
    const reasons: ReadReason[] = [];
    const db = openDatabase(pair.primary.runtimeUrl, 4, {
      standby: {
        url,
        mostLagMs,
        patienceMs,
        ownWrites: ownWritesIn(store, mostLagMs),
        observe: (reason) => reasons.push(reason),
        warn: () => undefined,
      },
    });
    open.push(db);
    return { db, reasons };
  }
  const person = async () => ({ ...(await seedWorkspace(pair.primary.ownerUrl)), mayLag: true });
  const names = async (db: Database, who: Parameters<Database["tenant"]>[0]) =>
    (await listWorkflows(db.tenant(who), { limit: 10 })).items.map(({ name }) => name);
  const create = (db: Database, who: Parameters<Database["tenant"]>[0], name: string) =>
    createWorkflow(db.tenant(who), {
      id: newId(),
      name,
      draft: { document: {}, text: "", check: { rules: "", problems: [], warnings: [] } },
    });
  /** Waits until the standby has all that the primary has now. */
  const caughtUp = async () => {
    const { db, reasons } = startProcess({ mostLagMs: 0 });
    const who = await person();
    await eventually(async () => {
      await names(db, who);
      return reasons.at(-1) === "current" ? true : undefined;
    });
  };
  const pause = async () => {
    await caughtUp();
    await pair.onStandby("select pg_wal_replay_pause()");
    await eventually(async () => {
      const [row] = await pair.onStandby("select pg_get_wal_replay_pause_state() as state");
      return row?.["state"] === "paused" ? true : undefined;
    });
  };

  test("lists are read from the standby, where row-level security confines them as it does on the primary", async () => {
    const { db, reasons } = startProcess();
    const [me, stranger] = [await person(), await person()];
    await create(db, me, "Mine");
    await pause();
    await create(db, me, "Since");
    expect(await names(db, me)).toEqual(["Mine"]);
    expect(await names(db, stranger)).toEqual([]);
    expect(reasons).toEqual(["current", "current"]);
  });

  test("who does not say that a list may lag gets what is on the primary", async () => {
    const { db, reasons } = startProcess();
    const { workspaceId, userId } = await person();
    await pause();
    await create(db, { workspaceId }, "New");
    expect(await names(db, { workspaceId, userId })).toEqual(["New"]);
    expect(await names(db, { workspaceId, mayLag: true })).toEqual(["New"]);
    expect(reasons).toEqual([]);
  });

  test("a person sees their own change in every process until the standby has it, and others' as the standby does", async () => {
    const [here, there] = [startProcess(), startProcess()];
    const me = await person();
    const colleague = { ...me, userId: (await person()).userId };
    await pause();
    await create(here.db, me, "Mine");
    await here.db.noteChange(me);
    expect(await names(here.db, me)).toEqual(["Mine"]);
    expect(await names(there.db, me)).toEqual(["Mine"]);
    expect([...here.reasons, ...there.reasons]).toEqual(["own-write", "own-write"]);
    expect(await names(there.db, colleague)).toEqual([]);
    await pair.onStandby("select pg_wal_replay_resume()");
    await eventually(async () => {
      expect(await names(there.db, me)).toEqual(["Mine"]);
      return there.reasons.at(-1) === "current" ? true : undefined;
    });
  });

  test("of changes at the same moment the furthest counts, in whatever order they are told of", async () => {
    const me = await person();
    const [here, there] = [ownWritesIn(kvStore, 0), ownWritesIn(kvStore, 0)];
    await here.note(me, 200);
    await there.note(me, 100);
    expect(await ownWritesIn(kvStore, 0).find(me)).toBe(200);
    expect(await there.find(me)).toBe(200);
  });

  test("many who ask at the same moment are told in one question, and who asks later of what was written meanwhile", async () => {
    const people = Array.from({ length: 50 }, () => ({ workspaceId: newId(), userId: newId() }));
    const writes = ownWritesIn(kvStore, 0);
    const questions = vi.spyOn(kvStore, "pipeline");
    expect(await Promise.all(people.map((one) => writes.find(one)))).toEqual(people.map(() => 0));
    expect(questions.mock.calls.length).toBe(1);
    questions.mockRestore();
    const told = people.map(async (one, at) => {
      const before = writes.find(one);
      await ownWritesIn(kvStore, 0).note(one, at);
      return [await writes.find(one), (await before) <= at];
    });
    expect(await Promise.all(told)).toEqual(people.map((_one, at) => [at, true]));
  });

  test("a standby that is further behind than it may be is left alone", async () => {
    const { db, reasons } = startProcess({ mostLagMs: 100 });
    const me = await person();
    await pause();
    await create(db, me, "New");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await names(db, me)).toEqual(["New"]);
    expect(await names(db, me)).toEqual(["New"]);
    expect(reasons).toEqual(["behind", "behind"]);
  });

  test("a standby that dies fails no request, and is asked again when it is back", async () => {
    const { db, reasons } = startProcess();
    const me = await person();
    await create(db, me, "Mine");
    await caughtUp();
    await names(db, me);
    const asking = Array.from({ length: 20 }, () => names(db, me));
    await pair.kill();
    for (const answer of await Promise.all([...asking, names(db, me), names(db, me)]))
      expect(answer).toEqual(["Mine"]);
    expect(reasons.at(-1)).toBe("unavailable");
    await pair.startAgain();
    await eventually(async () => {
      expect(await names(db, me)).toEqual(["Mine"]);
      return reasons.at(-1) === "current" ? true : undefined;
    });
  });

  test("a standby that takes connections and says nothing costs one wait, then none", async () => {
    const held = new Set<net.Socket>();
    const silent = net.createServer((socket) => held.add(socket)).listen(0, "127.0.0.1");
    const address = silent.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const { db, reasons } = startProcess({
      url: pair.standbyUrl.replace(/:\d+\/cairn/, `:${port}/cairn`),
      patienceMs: 500,
    });
    const me = await person();
    expect(await names(db, me)).toEqual([]);
    const connections = held.size;
    expect(await names(db, me)).toEqual([]);
    expect(reasons).toEqual(["unavailable", "unavailable"]);
    expect(held.size).toBe(connections);
    for (const socket of held) socket.destroy();
    silent.close();
  });

  test("a read that only the primary can answer is answered, and keeps nobody else away", async () => {
    const { db, reasons } = startProcess();
    const tenant = db.tenant(await person());
    const [rows] = await tenant.read((query) => [
      query.selectNoFrom(sql<string>`pg_current_wal_lsn()::text`.as("at")),
    ]);
    expect(rows[0]?.at).toMatch(/^[0-9A-F]+\//);
    await listWorkflows(tenant, { limit: 10 });
    expect(reasons).toEqual(["refused", "current"]);
  });

  test("an operator's own standby is reached by the door that a production start puts in front of it, and may be away", async () => {
    const engine = { kind: "standby", url: pair.plainStandbyUrl } as const;
    const door = await startNeon({ port: 0, engine, passwords: PASSWORDS });
    const { db, reasons } = startProcess({ url: makeUrls(door.port, "cairn").runtimeUrl });
    const me = await person();
    await create(db, me, "Mine");
    await caughtUp();
    expect(await names(db, me)).toEqual(["Mine"]);
    await pair.kill();
    expect(await names(db, me)).toEqual(["Mine"]);
    expect(reasons).toEqual(["current", "unavailable"]);
    await pair.startAgain();
    await db.close();
    await door.stop();
  });

  test("a server that follows nobody is no replica", async () => {
    const { db, reasons } = startProcess({ url: pair.primary.runtimeUrl });
    expect(await names(db, await person())).toEqual([]);
    expect(reasons).toEqual(["not-a-standby"]);
  });

  test.each([
    ["is away", undefined],
    ["answers with another shape", (key: string) => kvStore.set(key, "garbage")],
    [
      "answers with somebody else's position",
      (key: string) => kvStore.zadd(key, { score: 1, member: "another one" }),
    ],
  ])("where KV %s, nobody can tell what a person has written: the primary answers", async (_how, lie) => {
    const me = await person();
    await lie?.(`wrote:${me.workspaceId} ${me.userId}`);
    const store = lie ? kvStore : connectKv({ url: "http://127.0.0.1:9", token: "kv" });
    const { db, reasons } = startProcess({ store });
    await pause();
    await create(db, me, "New");
    if (!lie) await db.noteChange(me);
    expect(await names(db, me)).toEqual(["New"]);
    expect(reasons).toEqual(["unavailable"]);
  });

  test("the API shows a key's holder what that key has just made, and counts who answered", async () => {
    const app = await startAppServer();
    setEnvironment({
      APP_URL: `http://127.0.0.1:${app.port}`,
      DATABASE_URL: pair.primary.runtimeUrl,
      DATABASE_URL_REPLICA: pair.standbyUrl,
      DATABASE_REPLICA_LAG_MS: "600000",
      KV_REST_API_URL: `http://127.0.0.1:${redis.port}`,
      KV_REST_API_TOKEN: "kv",
      LOG_LEVEL: "silent",
    });
    const { db } = startProcess();
    const { call } = await makeCaller({
      url: `http://127.0.0.1:${app.port}`,
      db,
      ownerUrl: pair.primary.ownerUrl,
    });
    await pause();
    const before = await call("GET", "/api/v1/workflows");
    const made = await call("POST", "/api/v1/workflows", { body: { name: "Made by key", definition: {} } });
    const after = await call("GET", "/api/v1/workflows");
    expect([before.body.items, made.status, after.body.items.length]).toEqual([[], 201, 1]);
    const { metrics } = await import("#/lib/observe/metrics.ts");
    await metrics().flush();
    const series = await metrics().read();
    const answered = Object.entries(series).filter(([name]) => name.startsWith("cairn_reads_total"));
    expect(answered.reduce((sum, [, count]) => sum + count, 0)).toBe(2);
    const { database } = await import("#/db/client.ts");
    await database().close();
    await app.stop();
  });
});
