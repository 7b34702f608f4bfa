import { afterAll, beforeAll, expect, test } from "vitest";
import { storeDecision } from "#/db/decisions.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { chain } from "#/tests/support/definitions.ts";

const ask = (rest: Record<string, unknown> = {}) => ({
  type: "llm",
  prompt: "hello",
  maxOutputTokens: 100,
  retry: { attempts: 1 },
  ...rest,
});

describeOnPostgres("budgets", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind });
  });
  afterAll(() => engine.close());

  const start = async (definition: unknown) => {
    const runId = await engine.start(definition);
    await engine.settle();
    return runId;
  };
  async function calls(work: () => Promise<unknown>): Promise<number> {
    const before = engine.counts.modelCalls;
    await work();
    return engine.counts.modelCalls - before;
  }

  test("a call that could go over the limit is not made, and the run says what is in the way", async () => {
    let runId = "";
    expect(
      await calls(
        async () =>
          void (runId = await start(
            chain({ first: ask(), second: ask() }, { limits: { maxTokens: 120, onLimit: "fail" } }),
          )),
      ),
    ).toBe(1);
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: { code: "budget", step: "second", message: expect.stringContaining("120 tokens (maxTokens)") },
    });
  });

  test("parallel calls cannot go over it together", async () => {
    const definition = chain(
      { a: ask(), b: ask(), c: ask() },
      { limits: { maxTokens: 250, onLimit: "fail" } },
    );
    const edges = [
      ...["a", "b", "c"].map((to) => ({ from: "start", to })),
      ...["a", "b", "c"].map((from) => ({ from, to: "end" })),
    ];
    expect(await calls(() => start({ ...definition, edges }))).toBe(2);
  });

  test("at the limit a person can raise it, and nothing that was paid for is paid for again", async () => {
    const definition = chain(
      { first: ask(), second: ask(), third: ask() },
      { limits: { maxTokens: 120, onLimit: "ask" } },
    );
    let runId = "";
    expect(await calls(async () => void (runId = await start(definition)))).toBe(1);
    expect(await engine.run(runId)).toMatchObject({ status: "waiting", waiting_on: "approval" });
    const [approval] = await engine.rows("approvals", runId);
    expect(approval).toMatchObject({ subject: "budget", actions: ["raise", "stop"] });
    await storeDecision(engine.tenant, runId, {
      approvalId: String(approval?.["id"]),
      action: "raise",
      values: { maxTokens: 1000 },
      by: { kind: "person" },
    });
    expect(await calls(() => engine.deliver(runId))).toBe(2);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", raised: { maxTokens: 1000 } });
  });

  test("a first answer that does not fit is booked, though there is no room to ask for a better one", async () => {
    const runId = await start(
      chain(
        { only: ask({ outputSchema: { type: "object" } }) },
        { limits: { maxTokens: 130, onLimit: "ask" } },
      ),
    );
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: { code: "model-output" },
      usage: { inputTokens: 10, outputTokens: 5 },
    });
  });

  test("or stop the run", async () => {
    const runId = await start(chain({ only: ask() }, { limits: { maxCostUsd: 0.00001, onLimit: "ask" } }));
    const [approval] = await engine.rows("approvals", runId);
    await storeDecision(engine.tenant, runId, {
      approvalId: String(approval?.["id"]),
      action: "stop",
      by: { kind: "person" },
    });
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "cancelled", error: { code: "budget" } });
  });

  test("a loop that nothing ends is ended by the limit of steps", async () => {
    const runId = await start({
      ...chain(
        { a: { type: "set", values: { n: 1 } }, b: { type: "set", values: { n: 1 } } },
        { limits: { maxSteps: 10 } },
      ),
      edges: [
        { from: "start", to: "a" },
        { from: "a", to: "b" },
        { from: "b", to: "a" },
      ],
    });
    expect(await engine.run(runId)).toMatchObject({ status: "failed", error: { code: "max-steps" } });
  });

  test("a month's budget of the workspace holds for runs at the same moment, and a crash leaks nothing of it", async () => {
    const other = await openEngine({ engine: kind });
    await other.owner(`update workspaces set limits = '{"monthly": {"maxTokens": 260, "onLimit": "fail"}}'`);
    const ids = await Promise.all(Array.from({ length: 5 }, () => other.start(chain({ only: ask() }))));
    other.queued.length = 0;
    const died = {
      ...other.runner,
      store: {
        ...other.store,
        journal: () => Promise.reject(new Error("the process died")),
        commit: () => Promise.reject(new Error("the process died")),
      },
    };
    const { advanceRun } = await import("#/agents/runner/advance.ts");
    await expect(
      advanceRun(
        died,
        { workspaceId: other.tenant.workspaceId, runId: ids[0] ?? "" },
        { messageId: "m", retried: 0 },
      ),
    ).rejects.toThrow("died");
    await other.deliver(ids[0] ?? "", { messageId: "m", retried: 1 });
    await Promise.all(ids.slice(1).map((runId) => other.deliver(runId)));
    const runs = await Promise.all(ids.map((runId) => other.run(runId)));
    const used = runs.filter((run) => run["status"] === "succeeded").length;
    expect(used).toBeGreaterThanOrEqual(2);
    expect(
      runs
        .filter((run) => run["status"] === "failed")
        .every((run) => JSON.stringify(run["error"]).includes("The workspace this month")),
    ).toBe(true);
    expect(await other.owner("select * from reservations")).toEqual([]);
    expect(used * 15).toBeLessThanOrEqual(260);
    await other.close();
  });

  test("nothing is set aside for a run that has ended, by whoever had it in hand before", async () => {
    const other = await openEngine({ engine: kind });
    await other.owner(`update workspaces set limits = '{"monthly": {"maxTokens": 260, "onLimit": "fail"}}'`);
    const runId = await other.start(chain({ only: ask() }));
    const { workspaceId } = other.tenant;
    const claim = await other.store.claim({ workspaceId, runId }, { messageId: "m", retried: 0 }, 60_000);
    const epoch = claim?.claimed ? claim.epoch : 0;
    const reserve = () =>
      other.store.reserve({ workspaceId, runId }, epoch, { key: "k", tokens: 100, costUsd: 0 });
    expect(await reserve()).toBe("granted");
    await other.deliver(runId, { messageId: "m", retried: 1 });
    expect(await other.run(runId)).toMatchObject({ status: "succeeded" });
    expect(await reserve()).toBe("lost");
    expect(await other.owner("select * from reservations")).toEqual([]);
    await other.close();
  });
});
