import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceRun } from "#/agents/runner/advance.ts";
import { insertRun, sweepRuns } from "#/db/run-lifecycle.ts";
import { describeOnEachEngine } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { publish } from "#/tests/support/publish.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

const twoSteps = {
  format: "cairn/v1",
  name: "limited",
  kind: "graph",
  steps: { first: { type: "set", values: { n: 1 } }, second: { type: "set", values: { n: 2 } } },
  edges: [
    { from: "start", to: "first" },
    { from: "first", to: "second" },
    { from: "second", to: "end" },
  ],
};

describeOnEachEngine("limits of workflows", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind, poolSize: 10 });
  });
  afterAll(() => engine.close());

  async function limited(concurrency: number, count: number): Promise<readonly string[]> {
    const version = await publish(engine.tenant, twoSteps);
    await engine.tenant.batch((query) => [
      query
        .updateTable("workflows")
        .set({ limits: JSON.stringify({ concurrency }) })
        .where("id", "=", version.workflowId),
    ]);
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const id of ids)
      await insertRun(engine.tenant, {
        id,
        agentType: "graph",
        ...version,
        version: 1,
        input: {},
        trigger: { kind: "manual" },
      });
    return ids;
  }
  const statuses = async (ids: readonly string[]) => {
    const [rows] = await engine.tenant.batch((query) => [
      query
        .selectFrom("agent_sessions")
        .select(["id", "status", "held"])
        .where("id", "in", [...ids]),
    ]);
    return rows;
  };

  test("let exactly so many runs work at a time, however many come at once", async () => {
    const ids = await limited(3, 20);
    const claims = await Promise.all(
      ids.map((runId) =>
        engine.store.claim(
          { workspaceId: engine.tenant.workspaceId, runId },
          { messageId: randomUUID(), retried: 0 },
          60_000,
        ),
      ),
    );
    expect(claims.filter((claim) => claim?.claimed)).toHaveLength(3);
    const rows = await statuses(ids);
    expect(rows.filter((row) => row.status === "running")).toHaveLength(3);
    expect(rows.filter((row) => row.held)).toHaveLength(17);
  });

  test("let the next one in when one has ended, without the message being spent", async () => {
    const ids = await limited(1, 4);
    const frugal = { ...engine.runner, budget: { budgetMs: 0, limit: 25 } };
    const deliver = (runId = "") =>
      advanceRun(
        frugal,
        { workspaceId: engine.tenant.workspaceId, runId },
        { messageId: randomUUID(), retried: 0 },
      );
    await deliver(ids[0]);
    engine.queued.length = 0;
    for (const id of ids.slice(1)) expect(await deliver(id)).toEqual({ status: 200 });
    expect(engine.queued).toEqual([]);
    await deliver(ids[0]);
    expect(engine.queued.map((wake) => wake.runId)).toEqual([ids[1]]);
    await engine.settle();
    expect((await statuses(ids)).map((row) => row.status)).toEqual(
      Array.from({ length: 4 }, () => "succeeded"),
    );
  });

  test("do not count runs that wait, nor those of other workflows", async () => {
    const waiting = { ...twoSteps, steps: { ...twoSteps.steps, first: { type: "wait", for: "1h" } } };
    const version = await publish(engine.tenant, waiting);
    await engine.tenant.batch((query) => [
      query
        .updateTable("workflows")
        .set({ limits: JSON.stringify({ concurrency: 1 }) })
        .where("id", "=", version.workflowId),
    ]);
    const ids = [randomUUID(), randomUUID()];
    for (const id of ids) {
      await insertRun(engine.tenant, {
        id,
        agentType: "graph",
        ...version,
        version: 1,
        input: {},
        trigger: { kind: "manual" },
      });
      await engine.deliver(id);
    }
    expect((await statuses(ids)).map((row) => row.status)).toEqual(["waiting", "waiting"]);
  });

  test("a sweep serves every workspace in turn, and the important runs of each first", async () => {
    await engine.owner(
      "update agent_sessions set status = 'cancelled', waiting_on = null, lease_by = null, finished_at = now() where finished_at is null",
    );
    const version = await publish(engine.tenant, twoSteps);
    const start = (
      tenant: typeof engine.tenant,
      from: Awaited<ReturnType<typeof publish>>,
      priority: "normal" | "high" = "normal",
    ) => {
      const id = randomUUID();
      return insertRun(tenant, {
        id,
        agentType: "graph",
        ...from,
        version: 1,
        input: {},
        trigger: { kind: "manual" },
        priority,
      }).then(() => id);
    };
    for (let run = 0; run < 30; run += 1) await start(engine.tenant, version);
    const high = await start(engine.tenant, version, "high");
    const other = engine.db.tenant({ workspaceId: (await seedWorkspace(engine.ownerUrl)).workspaceId });
    const single = await start(other, await publish(other, twoSteps));
    const swept = await sweepRuns(engine.db.system, -1000, 4);
    const ids = swept.map((run) => run.runId);
    expect(ids).toHaveLength(4);
    expect(ids).toContain(high);
    expect(ids).toContain(single);
  });
});
