import type { Pool } from "@neondatabase/serverless";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runPipeline } from "#/db/pipeline.ts";
import { openPool } from "#/db/pool.ts";
import { describeOnEachEngine, startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";

describeOnEachEngine("statements sent at once", (engine) => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await startTestDatabase(engine);
    pool = openPool({ connectionString: database.ownerUrl, max: 1 });
    await pool.query("create table notes (id int primary key, text text)");
  });
  afterAll(async () => {
    await pool.end();
    await database.stop();
  });
  const run = (...statements: readonly (readonly [sql: string, ...parameters: unknown[]])[]) =>
    runPipeline(
      pool,
      statements.map(([sql, ...parameters]) => ({ sql, parameters })),
    );

  test("answer each with its rows, the first time and whenever they are asked again", async () => {
    for (let round = 0; round < 3; round += 1) {
      expect(
        await run(
          ["select $1::int as n, null as nothing", round],
          ["select 1 as one where false"],
          ["select n from generate_series(1, 3) n"],
        ),
      ).toEqual([[{ n: round, nothing: null }], [], [{ n: 1 }, { n: 2 }, { n: 3 }]]);
    }
  });

  test("take every kind of parameter, and give the types that the driver gives", async () => {
    const moment = new Date("2026-01-02T03:04:05.678Z");
    const words = ["a", 'b"\\,{}', null, ""];
    const [rows] = await run([
      "select $1::text as t, $2::timestamptz as d, $3::text[] as words, $4::jsonb as j, $5::bytea as bytes, $6::boolean as b, $7::bigint as big, $8::int[] as many, $9::uuid[] as none",
      "ü",
      moment,
      words,
      { a: [1] },
      Buffer.from([0, 255]),
      true,
      7,
      [
        [1, 2],
        [3, 4],
      ],
      [],
    ]);
    expect(rows).toEqual([
      {
        t: "ü",
        d: moment,
        words,
        j: { a: [1] },
        bytes: Buffer.from([0, 255]),
        b: true,
        big: "7",
        many: [
          [1, 2],
          [3, 4],
        ],
        none: [],
      },
    ]);
  });

  test("are one transaction: when one fails, nothing of the others is left, and the connection goes on", async () => {
    const both = () =>
      run(["insert into notes values (1, 'kept')"], ["insert into notes values ($1, 'broken')", 1]);
    await expect(both()).rejects.toMatchObject({ code: "23505" });
    await expect(both()).rejects.toMatchObject({ code: "23505" });
    expect(await run(["select * from notes"])).toEqual([[]]);
    expect((await pool.query("show transaction_isolation")).rows).toEqual([
      { transaction_isolation: "read committed" },
    ]);
  });

  test("leave no setting behind that was made for the transaction", async () => {
    const set = "select set_config('app.workspace_id', 'mine', true)";
    expect(await run([set], ["select current_setting('app.workspace_id', true) as now"])).toMatchObject([
      [{}],
      [{ now: "mine" }],
    ]);
    const [[after] = []] = await run(["select current_setting('app.workspace_id', true) as now"]);
    expect(after?.["now"] ?? "").toBe("");
  });

  test("continue when a migration changes a table that they read", async () => {
    const read = () => run(["select * from notes"]);
    await run(["insert into notes values (7, 'seven')"]);
    for (let round = 0; round < 6; round += 1) expect(await read()).toEqual([[{ id: 7, text: "seven" }]]);
    const other = openPool({ connectionString: database.ownerUrl, max: 1 });
    await other.query("alter table notes add column size int default 3");
    await other.end();
    for (let round = 0; round < 6; round += 1)
      expect(await read()).toEqual([[{ id: 7, text: "seven", size: 3 }]]);
  });

  test("are kept by the server up to a bound, however many different ones are asked", async () => {
    for (let n = 0; n < 150; n += 1) expect(await run([`select ${n} as n`])).toEqual([[{ n }]]);
    const [rows = []] = await run(["select count(*)::int as n from pg_prepared_statements"]);
    expect(rows[0]?.["n"]).toBeLessThanOrEqual(100);
    expect(await run(["select 149 as n"])).toEqual([[{ n: 149 }]]);
  });

  test("that lose their connection fail, and the next ones have another", async () => {
    const lost = run(["select pg_sleep(0.2), pg_terminate_backend(pg_backend_pid())"]);
    await expect(lost).rejects.toThrow(/terminat|closed/i);
    expect(await run(["select 1 as x"])).toEqual([[{ x: 1 }]]);
  });
});
