import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import {
  Client as NeonClient,
  neon,
  NeonDbError,
  type NeonQueryFunction,
  Pool,
} from "@neondatabase/serverless";
import { Client as TcpClient } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configureNeon } from "#/db/neon.ts";
import { startPostgres } from "#/local/neon/postgres.ts";
import { startNeon } from "#/local/neon/serve.ts";
import { type DatabaseEngine, describeOnEachEngine, postgresUnavailable } from "#/tests/support/database.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

const PASSWORDS = { owner: "owner:p@ss", runtime: "runtime" };
const IDLE_IN_TRANSACTION_MS = 1_500;
const LARGE = 300_000;

interface Wire {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

async function startEngine(engine: DatabaseEngine): Promise<Wire> {
  if (engine === "pglite") {
    return startNeon({
      port: 0,
      engine: { kind: "pglite", dataDir: undefined, idleInTransactionMs: IDLE_IN_TRANSACTION_MS },
      passwords: PASSWORDS,
    });
  }
  const directory = scratchDirectory();
  const neonWire = await startNeon({
    port: 0,
    engine: { kind: "postgres", dataDir: path.join(directory, "data"), settings: { fsync: "off" } },
    passwords: PASSWORDS,
  });
  const stop = async () => {
    await neonWire.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { port: neonWire.port, stop };
}

function makeUrl(
  port: number,
  { user = "cairn_owner", password = PASSWORDS.owner, database = "cairn" } = {},
): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

/** A Neon client whose loss is expected by the test that holds it. */
async function connect(url: string): Promise<NeonClient> {
  const client = new NeonClient(url);
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** Drops the connection without a goodbye, as a killed function does. */
function kill(client: NeonClient): void {
  const connection: { stream: { ws: WebSocket } } = Reflect.get(client, "connection");
  connection.stream.ws.close();
}

async function catchError(work: Promise<unknown>): Promise<{ code?: string; message: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("It was expected to fail.");
}

describeOnEachEngine("the Neon wire", (engine) => {
  let wire: Wire;
  let url: string;
  let pool: Pool;
  let sql: NeonQueryFunction<false, false>;

  beforeAll(async () => {
    wire = await startEngine(engine);
    url = makeUrl(wire.port);
    configureNeon(url);
    pool = new Pool({ connectionString: url, max: 8 });
    pool.on("error", () => undefined);
    sql = neon(url);
    await pool.query("create role app_runtime login password 'runtime'");
    await pool.query("create table kv (k int primary key, v text)");
    await pool.query("grant select on kv to app_runtime");
  });

  afterAll(async () => {
    await pool.end();
    await wire.stop();
  });

  describe("over WebSocket", () => {
    test("answers with the types the driver promises", async () => {
      const { rows } = await pool.query(
        `select 1 + $1::int as n, '{"a": [1, null]}'::jsonb as j, array['x', null, 'y,z'] as a, null as nothing, true as yes, 7::bigint as big, $2::text as t`,
        [41, "ü\u0000".slice(0, 1)],
      );
      expect(rows).toEqual([
        { n: 42, j: { a: [1, null] }, a: ["x", null, "y,z"], nothing: null, yes: true, big: "7", t: "ü" },
      ]);
    });

    test("passes large results and large parameters through whole", async () => {
      const { rows } = await pool.query("select repeat('x', 1000000) as s from generate_series(1, 10)");
      expect(rows.map((row) => row.s.length)).toEqual(Array.from({ length: 10 }, () => 1_000_000));
      const document = JSON.stringify({ p: "y".repeat(5_000_000) });
      expect((await pool.query("select length(($1::jsonb)->>'p') as n", [document])).rows).toEqual([
        { n: 5_000_000 },
      ]);
    });

    test("ends when the client says goodbye", async () => {
      const client = await connect(url);
      await client.query("select 1");
      await expect(client.end()).resolves.toBeUndefined();
    });

    test("keeps an error inside its transaction until the rollback", async () => {
      const client = await pool.connect();
      await client.query("begin");
      expect(await catchError(client.query("select * from nope"))).toMatchObject({ code: "42P01" });
      expect(await catchError(client.query("select 1"))).toMatchObject({ code: "25P02" });
      await client.query("rollback");
      expect((await client.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
      client.release();
    });

    test("keeps a prepared statement for its session, whatever others call theirs", async () => {
      const clients = await Promise.all([connect(url), connect(url)]);
      const ask = (index: number, text: string) =>
        clients[index]?.query<{ x: number }>({ name: "mine", text, values: [1] });
      for (let round = 0; round < 3; round += 1) {
        expect((await ask(0, "select $1::int + 10 as x"))?.rows).toEqual([{ x: 11 }]);
        expect((await ask(1, "select $1::int + 20 as x"))?.rows).toEqual([{ x: 21 }]);
      }
      await Promise.all(clients.map((client) => client.end()));
      const third = await connect(url);
      expect((await third.query({ name: "mine", text: "select 'new' as x", values: [] })).rows).toEqual([
        { x: "new" },
      ]);
      await third.end();
    });

    test("undoes several statements in one text when one of them fails", async () => {
      expect(await catchError(pool.query("create table half (i int); select 1 / 0"))).toMatchObject({
        code: "22012",
      });
      expect((await pool.query("select to_regclass('half') as half")).rows).toEqual([{ half: null }]);
    });
  });

  describe("over HTTP", () => {
    test("answers with the types the driver promises", async () => {
      const rows =
        await sql`select ${41}::int + 1 as n, ${JSON.stringify({ a: [1] })}::jsonb as j, ${["x", "y,z"]}::text[] as a, ${null}::text as nothing`;
      expect(rows).toEqual([{ n: 42, j: { a: [1] }, a: ["x", "y,z"], nothing: null }]);
    });

    test("gives full results with command, count and fields", async () => {
      const result = await neon(url, { fullResults: true, arrayMode: true })`select 1 as one, 'a' as letter`;
      expect(result).toMatchObject({ command: "SELECT", rowCount: 1, rows: [[1, "a"]] });
      expect(result.fields.map((field) => field.name)).toEqual(["one", "letter"]);
    });

    test("runs a batch as one transaction", async () => {
      await sql.transaction([sql`insert into kv values (1, 'a')`, sql`insert into kv values (2, 'b')`]);
      expect(
        await catchError(
          sql.transaction([sql`insert into kv values (3, 'c')`, sql`insert into kv values (1, 'again')`]),
        ),
      ).toMatchObject({ code: "23505" });
      expect(await sql`select k from kv order by k`).toEqual([{ k: 1 }, { k: 2 }]);
    });

    test("honours isolation level and read-only", async () => {
      const [rows] = await sql.transaction([sql`select current_setting('transaction_isolation') as level`], {
        isolationLevel: "Serializable",
      });
      expect(rows).toEqual([{ level: "serializable" }]);
      expect(
        await catchError(sql.transaction([sql`insert into kv values (9, 'x')`], { readOnly: true })),
      ).toMatchObject({ code: "25006" });
      expect(
        await catchError(
          sql.transaction([sql`insert into kv values (9, 'x')`], {
            readOnly: true,
            isolationLevel: "RepeatableRead",
            deferrable: true,
          }),
        ),
      ).toMatchObject({ code: "25006" });
    });

    test("leaves nothing of a failed batch on the connection that the next one gets", async () => {
      await catchError(sql.transaction([sql`select set_config('app.x', 'leak', true)`, sql`select 1 / 0`]));
      const settings = await Promise.all(
        Array.from({ length: 10 }, async () => sql`select current_setting('app.x', true) as x`),
      );
      expect(settings.flat().filter((row) => row["x"] === "leak")).toEqual([]);
    });

    test("takes one statement a query, and as many values as it has parameters", async () => {
      expect(await catchError(sql.query("select 1; select 2"))).toMatchObject({ code: "42601" });
      expect(await catchError(sql.query("insert into kv values (77, 'x'); select 1"))).toMatchObject({
        code: "42601",
      });
      expect(await catchError(sql.transaction([sql.query("select 1; select 2")]))).toMatchObject({
        code: "42601",
      });
      expect(await catchError(sql.query("select $1"))).toMatchObject({ code: "08P01" });
      expect(await catchError(sql.query("select $1::int, $2::int", [1]))).toMatchObject({ code: "08P01" });
      expect(await sql`select k from kv where k = 77`).toEqual([]);
    });

    test("refuses what is not Neon's SQL in a form the driver shows", async () => {
      const post = async (body: string, headers: Record<string, string>) => {
        const response = await fetch(`http://127.0.0.1:${wire.port}/sql`, { method: "POST", body, headers });
        return { status: response.status, body: await response.json() };
      };
      const signedIn = { "neon-connection-string": url };
      expect(await post("{}", {})).toMatchObject({
        status: 400,
        body: { code: "28000", message: expect.stringContaining("Neon-Connection-String") },
      });
      expect(await post("nonsense", signedIn)).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining("JSON") },
      });
      expect(await post('{"queries": [{}]}', signedIn)).toMatchObject({
        status: 400,
        body: { code: "08P01" },
      });
      expect(
        await post('{"queries": []}', { ...signedIn, "neon-batch-isolation-level": "Chaos" }),
      ).toMatchObject({ status: 400, body: { code: "22023" } });
    });
  });

  describe("over TCP", () => {
    test("serves an ordinary PostgreSQL client on the same port", async () => {
      const client = new TcpClient(url);
      await client.connect();
      expect((await client.query("select current_user, current_database(), $1::int as n", [7])).rows).toEqual(
        [{ current_user: "cairn_owner", current_database: "cairn", n: 7 }],
      );
      expect(await catchError(client.query("select * from nope"))).toMatchObject({ code: "42P01" });
      await client.end();
    });
  });

  describe("who may come in", () => {
    test("honours the role of the URL on every wire", async () => {
      const runtimeUrl = makeUrl(wire.port, { user: "app_runtime", password: PASSWORDS.runtime });
      const client = await connect(runtimeUrl);
      expect((await client.query("select current_user, session_user")).rows).toEqual([
        { current_user: "app_runtime", session_user: "app_runtime" },
      ]);
      expect(await catchError(client.query("insert into kv values (50, 'x')"))).toMatchObject({
        code: "42501",
      });
      await client.end();
      expect(await neon(runtimeUrl)`select current_user`).toEqual([{ current_user: "app_runtime" }]);
      expect(await sql`select current_user`).toEqual([{ current_user: "cairn_owner" }]);
    });

    test("enforces row-level security for the role of the URL", async () => {
      await pool.query(
        "create table secrets_of (owner text); alter table secrets_of enable row level security; create policy own on secrets_of to app_runtime using (owner = current_setting('app.me', true)); grant select on secrets_of to app_runtime; insert into secrets_of values ('ann'), ('bob')",
      );
      const runtime = neon(makeUrl(wire.port, { user: "app_runtime", password: PASSWORDS.runtime }));
      const [, seen] = await runtime.transaction([
        runtime`select set_config('app.me', 'ann', true)`,
        runtime`select owner from secrets_of`,
      ]);
      expect(seen).toEqual([{ owner: "ann" }]);
      expect(await runtime`select owner from secrets_of`).toEqual([]);
    });

    test.each([
      ["a wrong password", { password: "wrong" }],
      ["an unknown role", { user: "ghost" }],
      ["an empty password", { password: "" }],
    ])("refuses %s on every wire", async (_what, credentials: { user?: string; password?: string }) => {
      const wrong = makeUrl(wire.port, credentials);
      const refused = { code: "28P01", message: expect.stringContaining("password authentication failed") };
      // pg itself refuses to send an empty password; the code is then the client's.
      const overTcp = new TcpClient(wrong);
      expect((await catchError(overTcp.connect())).message).toMatch(/password/);
      if (credentials.password === "") return;
      const overHttp = await catchError(neon(wrong)`select 1`);
      expect(overHttp).toBeInstanceOf(NeonDbError);
      expect(overHttp).toMatchObject(refused);
      const overWebSocket = new NeonClient(wrong);
      overWebSocket.on("error", () => undefined);
      // The driver calls itself connected before it has heard of its password; the first query hears.
      await overWebSocket.connect();
      expect(await catchError(overWebSocket.query("select 1"))).toMatchObject(refused);
    });

    test("refuses an unknown database", async () => {
      expect(
        await catchError(new TcpClient(makeUrl(wire.port, { database: "other" })).connect()),
      ).toMatchObject({
        code: "3D000",
      });
    });
  });

  describe("many at once", () => {
    test("does not mix 60 concurrent queries with parameters of 300 kB", async () => {
      const answers = await Promise.all(
        Array.from({ length: 60 }, async (_, i) => {
          const letter = String.fromCharCode(97 + (i % 26));
          const statement =
            i % 2 === 0
              ? "select $1::int as i, md5($2::text) as h"
              : "select md5($2::text) as h, $1::int as i, length($2) as n";
          const { rows } = await pool.query(statement, [i, letter.repeat(LARGE + i)]);
          const { rows: expected } = await pool.query("select md5(repeat($1, $2)) as h", [letter, LARGE + i]);
          return rows[0].i === i && rows[0].h === expected[0].h;
        }),
      );
      expect(answers.filter((right) => !right)).toEqual([]);
    });

    test("serves 100 clients at once", async () => {
      const clients = await Promise.all(Array.from({ length: 100 }, async () => connect(url)));
      const answers = await Promise.all(
        clients.map(async (client, i) => client.query("select $1::int as i", [i])),
      );
      await Promise.all(clients.map(async (client) => client.end()));
      expect(answers.map(({ rows }) => rows[0].i)).toEqual(clients.map((_, i) => i));
    });

    test("keeps transactions apart", async () => {
      const work = async (i: number) => {
        const client = await pool.connect();
        await client.query("begin");
        await client.query("select set_config('app.tenant', $1, true)", [String(i)]);
        const { rows } = await client.query("select current_setting('app.tenant') as tenant");
        await client.query(i % 2 === 0 ? "commit" : "rollback");
        client.release();
        return rows[0].tenant;
      };
      const seen = await Promise.all(Array.from({ length: 40 }, async (_, i) => work(i)));
      expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => String(i)));
    });

    test("does not show uncommitted rows to others", async () => {
      const writer = await pool.connect();
      await writer.query("begin");
      await writer.query("insert into kv values (100, 'x')");
      const reading = pool.query("select count(*)::int as n from kv where k = 100");
      await writer.query("rollback");
      expect((await reading).rows).toEqual([{ n: 0 }]);
      writer.release();
    });

    test("does not leak session settings from one connection to another", async () => {
      const [a, b] = await Promise.all([connect(url), connect(url)]);
      await a.query("select set_config('app.leak', 'a', false)");
      const { rows } = await b.query("select coalesce(current_setting('app.leak', true), '') as leak");
      expect(rows).toEqual([{ leak: "" }]);
      await Promise.all([a.end(), b.end()]);
    });

    test("gives each job to one worker with SKIP LOCKED", async () => {
      await pool.query("create table job (id int primary key, taken_by int)");
      await pool.query("insert into job select n, null from generate_series(1, 200) n");
      const taken: number[] = [];
      const takeSome = async (worker: number): Promise<number> => {
        const client = await pool.connect();
        await client.query("begin");
        const { rows } = await client.query<{ id: number }>(
          "select id from job where taken_by is null order by id limit 5 for update skip locked",
        );
        await client.query("update job set taken_by = $1 where id = any($2)", [
          worker,
          rows.map((row) => row.id),
        ]);
        await client.query("commit");
        client.release();
        taken.push(...rows.map((row) => row.id));
        return rows.length;
      };
      await Promise.all(
        [1, 2, 3, 4].map(async (worker) => {
          while ((await takeSome(worker)) > 0);
        }),
      );
      expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    });
  });

  describe("when clients die", () => {
    test("rolls back the transaction of a killed client", async () => {
      const client = await connect(url);
      await client.query("begin");
      await client.query("insert into kv values (200, 'x')");
      kill(client);
      await pool.query("insert into kv values (200, 'mine')");
      expect((await pool.query("delete from kv where k = 200 returning v")).rows).toEqual([{ v: "mine" }]);
    });

    test("continues when a client dies while it waits for its turn", async () => {
      const [holder, waiting] = await Promise.all([connect(url), connect(url)]);
      await holder.query("begin");
      await holder.query("lock table kv");
      const lost = catchError(waiting.query("select count(*) from kv"));
      kill(waiting);
      await lost;
      await holder.query("commit");
      expect((await pool.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
      await holder.end();
    });

    test("survives bytes that are not its protocol", async () => {
      const socket = net.connect(wire.port, "127.0.0.1");
      socket.on("error", () => undefined);
      const closed = new Promise((done) => socket.once("close", done));
      socket.end(Buffer.from([0, 0xff, 0xff, 0xff, 1, 2, 3, 4]));
      socket.resume();
      await closed;
      expect((await pool.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
    });
  });

  describe.runIf(engine === "postgres")("what only real PostgreSQL can do", () => {
    test("lets one read while another writes", async () => {
      const writer = await pool.connect();
      await writer.query("begin");
      await writer.query("insert into kv values (300, 'x')");
      expect((await pool.query("select count(*)::int as n from kv where k = 300")).rows).toEqual([{ n: 0 }]);
      await writer.query("rollback");
      writer.release();
    });

    test("reports a serialization failure as 40001", async () => {
      await pool.query("insert into kv values (301, 'x')");
      const client = await pool.connect();
      await client.query("begin isolation level repeatable read");
      await client.query("select * from kv");
      await pool.query("update kv set v = 'other' where k = 301");
      expect(await catchError(client.query("update kv set v = 'mine' where k = 301"))).toMatchObject({
        code: "40001",
      });
      await client.query("rollback");
      client.release();
    });

    test("does not let the owner become superuser", async () => {
      expect(await catchError(pool.query("set session authorization postgres"))).toMatchObject({
        code: "42501",
      });
    });
  });

  describe.runIf(engine === "pglite")("what one engine for all needs", () => {
    test("ends a transaction whose client keeps everybody waiting", async () => {
      const idle = await connect(url);
      await idle.query("begin");
      await idle.query("insert into kv values (400, 'x')");
      expect((await pool.query("select count(*)::int as n from kv where k = 400")).rows).toEqual([{ n: 0 }]);
      expect((await catchError(idle.query("select 1"))).message).toMatch(/terminat|closed|not queryable/i);
    });

    test("refuses COPY FROM STDIN, which would end the engine", async () => {
      const client = new TcpClient(url);
      await client.connect();
      expect(await catchError(client.query("copy kv from stdin"))).toMatchObject({ code: "0A000" });
      expect(
        await catchError(client.query({ text: "COPY kv (k, v)\nFROM STDIN with (format csv)", values: [] })),
      ).toMatchObject({ code: "0A000" });
      expect((await client.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
      await client.end();
    });

    test("gathers statistics in a quiet moment, as autovacuum does", async () => {
      await pool.query("create table counted as select n from generate_series(1, 5000) n");
      for (let query = 0; query < 1_000; query += 1) await pool.query("select 1");
      const estimate = async () =>
        (await pool.query("select reltuples::int as n from pg_class where relname = 'counted'")).rows[0]?.n;
      expect(await estimate()).not.toBe(5000);
      await new Promise((resolve) => void setTimeout(resolve, 5_000));
      expect(await estimate()).toBe(5000);
    });

    test("comes back from a crash of the engine with everything that was committed", async () => {
      await pool.query("insert into kv values (500, 'kept')");
      const doomed = await connect(url);
      expect(await catchError(doomed.query("select pg_terminate_backend(pg_backend_pid())"))).toBeDefined();
      expect((await pool.query("select v from kv where k = 500")).rows).toEqual([{ v: "kept" }]);
    });
  });
});

describe("a data directory", () => {
  test("is refused to a second engine, and free again after the first has stopped", async () => {
    const directory = scratchDirectory();
    const options = {
      port: 0,
      engine: { kind: "pglite", dataDir: path.join(directory, "data") },
      passwords: PASSWORDS,
    } as const;
    const first = await startNeon(options);
    configureNeon(makeUrl(first.port));
    await neon(makeUrl(first.port))`create table kept as select 1 as x`;
    await expect(startNeon(options)).rejects.toThrow(/in use by another process/);
    await first.stop();
    const second = await startNeon(options);
    configureNeon(makeUrl(second.port));
    expect(await neon(makeUrl(second.port))`select x from kept`).toEqual([{ x: 1 }]);
    await second.stop();
    rmSync(directory, { recursive: true, force: true });
  });
});

describe.skipIf(postgresUnavailable !== undefined)(
  `real PostgreSQL${postgresUnavailable === undefined ? "" : ` (cannot run here: ${postgresUnavailable})`}`,
  () => {
    let directory: string;
    let dataDir: string;

    beforeAll(() => {
      directory = scratchDirectory();
      dataDir = path.join(directory, "data");
    });

    afterAll(() => {
      rmSync(directory, { recursive: true, force: true });
    });

    test("starts again, with its data, when the process that had started it was killed", async () => {
      const script = `import { startPostgres } from "#/local/neon/postgres.ts"; console.log((await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, ownerPassword: "o" })).port); setInterval(() => {}, 1000);`;
      const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [port] = await once(parent.stdout, "data");
      const before = new TcpClient(makeUrl(Number(port), { password: "o" }));
      before.on("error", () => undefined);
      await before.connect();
      await before.query("create table kept as select 1 as x");
      parent.kill("SIGKILL");
      await once(parent, "exit");
      const after = await startPostgres({ dataDir, ownerPassword: "o" });
      const client = new TcpClient(makeUrl(after.port, { password: "o" }));
      await client.connect();
      expect((await client.query("select x from kept")).rows).toEqual([{ x: 1 }]);
      await client.end();
      await after.stop();
    });

    test("is served by its URL, though it wants SCRAM, which the driver does not speak", async () => {
      const first = await startPostgres({ dataDir, ownerPassword: "admin" });
      await first.stop();
      writeFileSync(path.join(dataDir, "pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
      const server = await startPostgres({ dataDir, ownerPassword: "admin" });
      const wire = await startNeon({
        port: 0,
        engine: { kind: "url", url: makeUrl(server.port, { password: "admin", database: "postgres" }) },
        passwords: PASSWORDS,
      });
      const url = makeUrl(wire.port);
      configureNeon(url);
      const client = await connect(url);
      expect((await client.query("select current_user, length($1) as n", ["z".repeat(LARGE)])).rows).toEqual([
        { current_user: "cairn_owner", n: LARGE },
      ]);
      await client.end();
      expect(await neon(url)`select current_database()`).toEqual([{ current_database: "cairn" }]);
      expect(await catchError(neon(makeUrl(wire.port, { password: "wrong" }))`select 1`)).toMatchObject({
        code: "28P01",
      });
      expect(
        await catchError(new TcpClient(makeUrl(wire.port, { password: "wrong" })).connect()),
      ).toMatchObject({
        code: "28P01",
      });
      await wire.stop();
      await server.stop();
    });
  },
);
