import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decideClaim } from "#/agents/engine/claim.ts";
import { advanceRun } from "#/agents/runner/advance.ts";
import { insertFork } from "#/db/forks.ts";
import { storeDecision } from "#/db/decisions.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { publish } from "#/tests/support/publish.ts";
import { edge, graph, set } from "#/tests/support/definitions.ts";

describeOnPostgres("a parked task", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind });
  });
  afterAll(() => engine.close());

  async function approve(runId: string): Promise<void> {
    const approval = (await engine.openApprovals(runId))[0];
    await storeDecision(engine.tenant, runId, {
      approvalId: String(approval?.["id"]),
      action: "approve",
      by: { kind: "person" },
    });
  }
  const done = async (runId: string) =>
    (await engine.rows("agent_logs", runId))
      .filter((row) => row["status"] === "succeeded")
      .map((row) => String(row["step"]));
  const asked = graph({ ask: { type: "approval", title: "Go?" }, after: set(1) }, [
    edge("start", "ask"),
    edge("ask", "after"),
    edge("after", "end"),
  ]);

  test("is nothing that a process of the version before can take for the end of the run: it is told to come back", async () => {
    const { workspaceId } = engine.tenant;
    const claimByOld = async (runId: string) =>
      (
        await engine.db.call("select app.claim_run($1, $2, 'old', 0, 60000) as answer", [workspaceId, runId])
      )[0]?.["answer"];
    const fresh = await engine.start(asked);
    expect(await claimByOld(fresh)).toMatchObject({ claimed: true, openWaits: 0 });
    const runId = await engine.start(asked);
    await engine.deliver(runId);
    await approve(runId);
    const refused = await claimByOld(runId);
    expect(refused).toMatchObject({ claimed: false, status: "queued", leased: false, dueInMs: 5000 });
    expect(decideClaim({ claimed: false, status: "queued", leased: false, dueInMs: 5000 })).toEqual({
      kind: "come-back",
      afterS: 5,
    });
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  });

  test("keeps the migration from being taken back under it", async () => {
    const runId = await engine.start(asked);
    await engine.deliver(runId);
    await expect(engine.owner(readFileSync("migrations/0022_open_ends.down.sql", "utf8"))).rejects.toThrow(
      "parked tasks",
    );
    await approve(runId);
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  });

  test("gets an answer that comes while something beside it is at work as soon as that is done, and not when all of it is", async () => {
    const runId = await engine.start(
      graph(
        {
          ask: { type: "approval", title: "Go?" },
          first: set(0),
          slow: { type: "http", url: "https://slow.test/" },
          more: set(1),
          last: set(2),
          after: set(3),
        },
        [
          edge("start", "ask"),
          edge("ask", "after"),
          edge("after", "end"),
          edge("start", "first"),
          edge("first", "slow"),
          edge("slow", "more"),
          edge("more", "last"),
          edge("last", "end"),
        ],
      ),
    );
    const fetch = async ({ url }: { readonly url: string }) => {
      await approve(runId);
      await sleep(2500);
      return { url, status: 200, headers: {}, body: "" };
    };
    const slow = {
      ...engine.runner,
      makePorts: (ref: { workspaceId: string; runId: string }) => ({
        ...engine.runner.makePorts(ref),
        fetch,
      }),
    };
    await advanceRun(
      slow,
      { workspaceId: engine.tenant.workspaceId, runId },
      { messageId: randomUUID(), retried: 0 },
    );
    expect(await engine.run(runId)).toMatchObject({ status: "running", lease_by: null });
    expect(await done(runId)).toEqual(["first", "slow"]);
    await engine.settle();
    const log = await engine.rows("agent_logs", runId);
    const findSuperstep = (step: string) =>
      log.find((row) => row["step"] === step && row["status"] === "succeeded")?.["superstep"];
    expect(findSuperstep("ask")).toBe(findSuperstep("more"));
    expect(findSuperstep("after")).toBe(findSuperstep("last"));
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  });

  test("that has started runs shares the limits with them from then on", async () => {
    const child = await publish(
      engine.tenant,
      graph({ think: { type: "llm", prompt: "c", maxOutputTokens: 50 } }, [
        edge("start", "think"),
        edge("think", "end"),
      ]),
    );
    const steps = {
      call: { type: "workflow", workflow: child.workflowId },
      pre: set(1),
      mine: { type: "llm", prompt: "m", maxOutputTokens: 50, retry: { attempts: 1 } },
    };
    const edges = [
      edge("start", "call"),
      edge("call", "end"),
      edge("start", "pre"),
      edge("pre", "mine"),
      edge("mine", "end"),
    ];
    const unlimited = await engine.start(graph(steps, edges));
    await engine.deliver(unlimited);
    expect(await engine.run(unlimited)).toMatchObject({
      status: "waiting",
      waiting_on: "child",
      state: { mine: "ok" },
    });
    const runId = await engine.start(graph(steps, edges, { limits: { maxTokens: 1000 } }));
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "running", lease_by: null, step: 1 });
    const before = engine.counts.reserves;
    await engine.deliver(runId);
    expect(engine.counts.reserves).toBe(before + 1);
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  });

  test("keeps of the state what its step reads, and no more", async () => {
    const runId = await engine.start(
      graph(
        {
          large: set("x".repeat(5000)),
          small: set("s"),
          ask: { type: "approval", title: "{{ state.small.value }}?" },
        },
        [edge("start", "large"), edge("large", "small"), edge("small", "ask"), edge("ask", "end")],
      ),
    );
    await engine.deliver(runId);
    const parked = (await engine.rows("checkpoint_blobs", runId)).find(
      (row) => row["channel"] === "run.parked",
    );
    expect(String(parked?.["value"])).toContain('"state.small"');
    expect(String(parked?.["value"]).length).toBeLessThan(400);
  });
});

describeOnPostgres("a join of agents", (kind) => {
  test("commits each of its supersteps: the place where an agent arrives is one, and a fork behind it begins there", async () => {
    const engine = await openEngine({ engine: kind });
    const agent = { type: "agent", role: "R", goal: "G" };
    const runId = await engine.start(
      graph(
        {
          one: agent,
          two: agent,
          join: set("{{ state.one }} {{ state.two }}"),
          last: set("{{ state.join.value }}"),
        },
        [
          edge("start", "one"),
          edge("start", "two"),
          edge(["one", "two"], "join"),
          edge("join", "last"),
          edge("last", "end"),
        ],
      ),
    );
    await engine.deliver(runId);
    const run = await engine.run(runId);
    expect(run).toMatchObject({ status: "succeeded", step: 4 });
    const steps = (await engine.rows("checkpoints", runId))
      .map((row) => (row["metadata"] as { step: number }).step)
      .toSorted((a, b) => a - b);
    expect(steps).toEqual([0, 1, 2, 3, 4]);
    const superstep = Number(
      (await engine.rows("agent_logs", runId)).find((row) => row["step"] === "last")?.["superstep"],
    );
    const forked = await insertFork(engine.tenant, {
      id: randomUUID(),
      origin: runId,
      superstep,
      fresh: false,
      state: {},
      reuses: false,
      trigger: { kind: "manual" },
    });
    const forkId = "runId" in forked ? forked.runId : "";
    const calls = engine.counts.modelCalls;
    await engine.deliver(forkId);
    expect(await engine.run(forkId)).toMatchObject({
      status: "succeeded",
      output: { last: { value: "ok ok" } },
    });
    expect(
      (await engine.rows("agent_logs", forkId))
        .filter((row) => row["reused"] === false)
        .map((row) => row["step"]),
    ).toEqual(["last"]);
    expect(engine.counts.modelCalls).toBe(calls);
    await engine.close();
  });
});
