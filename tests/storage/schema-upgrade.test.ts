import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrateDown, migrateToLatest } from "#/db/migrate.ts";
import { storeDecision } from "#/db/decisions.ts";
import {
  postgresUnavailable,
  startEmptyDatabase,
  startTestDatabase,
  type TestDatabase,
} from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { listFunctions, migrateUntil, query, type SqlFunction } from "#/tests/support/sql-functions.ts";
import { chain, set } from "#/tests/support/definitions.ts";

const giving = (steps: Record<string, unknown>, output: Record<string, unknown>) => chain(steps, { output });

/** The last schema whose functions lay in its migrations. */
const BEFORE = "0037_cancelled_usage";
const FUNCTION_FILES = "0038_function_files";

/** A promise that the test keeps when it likes. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => void (open = resolve));
  return { open, opened };
}

describe.skipIf(postgresUnavailable !== undefined)("a database of the schema before, on PostgreSQL", () => {
  let database: TestDatabase;
  let engine: TestEngine;
  let functionsBefore: readonly SqlFunction[];
  const answer = gate();
  const asked = gate();

  beforeAll(async () => {
    database = await startEmptyDatabase();
    await migrateUntil(database.ownerUrl, BEFORE);
    await query(database.ownerUrl, "alter role app_runtime password 'runtime'");
    functionsBefore = await listFunctions(database.ownerUrl);
    engine = await openEngine({
      database,
      budgetMs: 0,
      ports: {
        search: async () => {
          asked.open();
          await answer.opened;
          return [];
        },
      },
    });
  });
  afterAll(() => engine.close());

  const ended = async (runId: string) => {
    await engine.sweep();
    await engine.settle();
    return engine.run(runId);
  };

  test("keeps tables and functions as they were when one function cannot be changed", async () => {
    await query(
      database.ownerUrl,
      "create view depends as select app.outer_scope(null::uuid, null::uuid) as scope",
    );
    await expect(migrateToLatest(database.ownerUrl, database.runtimeUrl)).rejects.toThrow(
      "failed; the database is unchanged by it",
    );
    expect(await listFunctions(database.ownerUrl)).toEqual(functionsBefore);
    expect(await query(database.ownerUrl, "select to_regclass('app.function_files') as made")).toEqual([
      { made: null },
    ]);
    await query(database.ownerUrl, "drop view depends");
  });

  test("is upgraded under runs that wait, are queued, or are at work, and each goes on", async () => {
    const waiting = await engine.start(
      giving(
        { ask: { type: "approval", title: "Go?" }, after: set("{{ state.ask.action }}") },
        { after: "{{ state.after.value }}" },
      ),
    );
    const halfway = await engine.start(
      giving({ a: set(1), b: set("{{ state.a.value + 1 }}") }, { b: "{{ state.b.value }}" }),
    );
    await engine.deliver(waiting);
    await engine.deliver(halfway);
    const queued = await engine.start(giving({ a: set(1) }, { a: "{{ state.a.value }}" }));
    const leased = await engine.start(
      giving({ find: { type: "search", query: "x" }, after: set(2) }, { after: "{{ state.after.value }}" }),
    );
    const atWork = engine.deliver(leased);
    await asked.opened;
    const crashed = await engine.start(giving({ a: set(3) }, { a: "{{ state.a.value }}" }));
    await engine.db.call("select app.claim_run($1, $2, 'dead', 0, 1, true) as answer", [
      engine.tenant.workspaceId,
      crashed,
    ]);
    expect((await engine.run(waiting))["status"]).toBe("waiting");
    expect(await engine.run(leased)).toMatchObject({ status: "running", lease_by: expect.any(String) });

    const { migrations, functions } = await migrateToLatest(database.ownerUrl, database.runtimeUrl);
    expect(migrations[0]).toBe(FUNCTION_FILES);
    expect(functions).toContain("runs/commit_superstep.sql");

    answer.open();
    await atWork;
    const [approval] = await engine.rows("approvals", waiting);
    await storeDecision(engine.tenant, waiting, {
      approvalId: String(approval?.["id"]),
      action: "approve",
      by: { kind: "person" },
    });
    const outputs = {
      [waiting]: { after: "approve" },
      [halfway]: { b: 2 },
      [queued]: { a: 1 },
      [leased]: { after: 2 },
      [crashed]: { a: 3 },
    };
    for (const [runId, output] of Object.entries(outputs))
      expect(await ended(runId)).toMatchObject({ status: "succeeded", output });
    expect((await engine.run(leased))["crashes"]).toBe(0);
  });

  test("has the functions of a fresh database afterwards, with the same rights", async () => {
    const fresh = await startTestDatabase("postgres");
    expect(await listFunctions(database.ownerUrl)).toEqual(await listFunctions(fresh.ownerUrl));
    await fresh.stop();
  });

  test("gets back the functions of its migrations when the way back is taken, and the files again on the next way up", async () => {
    await query(
      database.ownerUrl,
      "create function app.later(r agent_sessions) returns text language sql as 'select null'",
    );
    const files = await listFunctions(database.ownerUrl);
    await migrateDown(database.ownerUrl, FUNCTION_FILES);
    expect(await listFunctions(database.ownerUrl)).toEqual(functionsBefore);
    await migrateToLatest(database.ownerUrl, database.runtimeUrl);
    expect(await listFunctions(database.ownerUrl)).toEqual(
      files.filter(({ signature }) => !signature.startsWith("app.later(")),
    );
  });
});
