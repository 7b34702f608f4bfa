import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { APICallError } from "ai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { advanceRun } from "#/agents/runner/advance.ts";
import { deliverEvents } from "#/db/engine.ts";
import { insertEvent } from "#/db/events.ts";
import { insertFork } from "#/db/forks.ts";
import { storeCancel, storePause, storeResume } from "#/db/run-lifecycle.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { publish } from "#/tests/support/publish.ts";
import { edge, graph, set } from "#/tests/support/definitions.ts";

const ask = (title: string, rest: Record<string, unknown> = {}) => ({ type: "approval", title, ...rest });

let script: ScriptedModel = () => "ok";

describeOnPostgres("what is beside a wait", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind, model: (prompt, call) => script(prompt, call) });
  });
  afterAll(() => engine.close());

  const start = async (definition: unknown, input = {}) => {
    const runId = await engine.start(definition, input);
    await engine.settle();
    return runId;
  };
  async function store(
    runId: string,
    title: string,
    decision: { action: string; values?: unknown } = { action: "approve" },
  ) {
    const approval = (await engine.openApprovals(runId)).find((row) => row["title"] === title);
    expect(approval, title).toBeDefined();
    await engine.decide(runId, { approvalId: approval?.["id"], ...decision });
  }
  async function decide(runId: string, title: string, decision?: { action: string; values?: unknown }) {
    await store(runId, title, decision);
    await engine.settle();
  }
  const lines = async (runId: string) =>
    (await engine.rows("agent_logs", runId))
      .toSorted((a, b) => Number(a["seq"]) - Number(b["seq"]))
      .map((row) => `${String(row["step"])} ${String(row["status"])}`);
  async function timersEnd(runId: string, step?: string) {
    const only = step === undefined ? "" : ` and step = '${step}'`;
    await engine.owner(
      `update waits set due_at = now() where run_id = '${runId}' and status = 'open' and kind = 'timer'${only}`,
    );
    await engine.owner(
      `update agent_sessions set due_at = now() where id = '${runId}' and status = 'waiting'`,
    );
    await engine.deliver(runId);
    await engine.settle();
  }
  async function sound(runId: string) {
    const run = await engine.run(runId);
    const points = await engine.rows("checkpoints", runId);
    expect(points.length).toBe(1 + Number(run["step"]) - Number(run["forked_step"] ?? 0));
    expect(new Set(points.map((point) => point["parent_checkpoint_id"])).size).toBe(points.length);
    expect((await engine.rows("waits", runId)).filter((row) => row["status"] !== "consumed")).toEqual([]);
    const done = (await engine.rows("agent_logs", runId))
      .filter((row) => row["status"] === "succeeded")
      .map((row) => String(row["task_id"]));
    expect(new Set(done).size).toBe(done.length);
  }

  test("begins at once when an approval is decided: lockstep.yaml", async () => {
    const runId = await start(parse(readFileSync("tests/fixtures/definitions/lockstep.yaml", "utf8")));
    expect(await engine.run(runId)).toMatchObject({ status: "waiting", waiting_on: "approval" });
    await decide(runId, "Pay?");
    expect(await lines(runId)).toContain("pay succeeded");
    expect(await engine.run(runId)).toMatchObject({
      status: "waiting",
      waiting_on: "timer",
      state: { pay: { paid: true } },
    });
    await timersEnd(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { paid: { paid: true } } });
    expect((await lines(runId)).filter((line) => line === "done succeeded")).toHaveLength(1);
    await sound(runId);
  });

  const two = graph(
    {
      a: ask("A"),
      b: ask("B"),
      a1: set("a1"),
      b1: set("b1"),
      b2: set("b2"),
      b3: set("b3"),
      join: set("{{ state.a1.value }} {{ state.b3.value }}"),
    },
    [
      edge("start", "a"),
      edge("start", "b"),
      edge("a", "a1"),
      edge("b", "b1"),
      edge("b1", "b2"),
      edge("b2", "b3"),
      edge(["a1", "b3"], "join"),
      edge("join", "end"),
    ],
    { output: { all: "{{ state.join.value }}" } },
  );

  test.each([[["A", "B"]], [["B", "A"]]])(
    "joins once, whichever of two approvals comes first: %s",
    async (order) => {
      const runId = await start(two);
      await decide(runId, order[0] ?? "");
      expect(await engine.run(runId)).toMatchObject({ status: "waiting", waiting_on: "approval" });
      expect(await lines(runId)).toContain(order[0] === "A" ? "a1 succeeded" : "b3 succeeded");
      await decide(runId, order[1] ?? "");
      expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { all: "a1 b3" } });
      expect((await lines(runId)).filter((line) => line === "join succeeded")).toHaveLength(1);
      await sound(runId);
    },
  );

  test("takes both answers of one moment in", async () => {
    const runId = await start(two);
    await store(runId, "A");
    await store(runId, "B");
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { all: "a1 b3" } });
    await sound(runId);
  });

  test("goes round a loop with an approval in it, and its counter counts", async () => {
    const runId = await start(
      graph(
        {
          go: set("go"),
          slow: { type: "wait", for: "1h" },
          draft: set("{{ state.draft == null ? 1 : state.draft.value + 1 }}"),
          check: ask("Good?", { actions: ["approve", "again"] }),
          out: set("{{ state.draft.value }}"),
          all: set("{{ state.out.value }}"),
        },
        [
          edge("start", "go"),
          edge("go", "slow"),
          edge("go", "draft"),
          edge("draft", "check"),
          {
            from: "check",
            when: [{ if: "state.check.action == 'again'", to: "draft", max: 2 }],
            else: "out",
          },
          edge(["out", "slow"], "all"),
          edge("all", "end"),
        ],
        { output: { n: "{{ state.all.value }}" } },
      ),
    );
    for (let n = 0; n < 3; n += 1) await decide(runId, "Good?", { action: "again" });
    expect(await lines(runId)).toContain("out succeeded");
    expect(await engine.run(runId)).toMatchObject({
      status: "waiting",
      waiting_on: "timer",
      state: { draft: { value: 3 } },
    });
    await timersEnd(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { n: 3 } });
    expect((await engine.rows("approvals", runId)).length).toBe(3);
    await sound(runId);
  });

  test("follows the time-out of one approval while another is open", async () => {
    const runId = await start(
      graph(
        {
          quick: ask("Quick?", { actions: ["approve", "late"], timeout: { after: "0s", then: "late" } }),
          long: ask("Long?"),
          then: set("{{ state.quick.action }}"),
          join: set("{{ state.then.value }} {{ state.long.action }}"),
        },
        [
          edge("start", "quick"),
          edge("start", "long"),
          edge("quick", "then"),
          edge(["then", "long"], "join"),
          edge("join", "end"),
        ],
      ),
    );
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({
      status: "waiting",
      waiting_on: "approval",
      state: { then: { value: "late" } },
    });
    expect((await engine.openApprovals(runId)).length).toBe(1);
    await decide(runId, "Long?");
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { join: { value: "late approve" } },
    });
    await sound(runId);
  });

  const beside = graph(
    {
      ask: ask("Go?"),
      after: set("{{ state.ask.action }}"),
      each: {
        type: "map",
        items: [1, 2, 3],
        parallel: 2,
        do: {
          steps: {
            hold: { type: "wait", event: { key: "part {{ item }}" } },
            plus: set("{{ item + 1 }} {{ state.after == null ? 'none' : 'seen' }}"),
          },
          edges: [edge("start", "hold"), edge("hold", "plus"), edge("plus", "end")],
          output: "{{ state.plus.value }}",
        },
      },
      sum: set("{{ state.each }}"),
      join: set("{{ state.after.value }}"),
    },
    [
      edge("start", "ask"),
      edge("start", "each"),
      edge("ask", "after"),
      edge("each", "sum"),
      edge(["after", "sum"], "join"),
      edge("join", "end"),
    ],
    { output: { sum: "{{ state.sum.value }}", join: "{{ state.join.value }}" } },
  );
  const send = async (key: string) => {
    await insertEvent(engine.tenant, { id: randomUUID(), key, payload: {}, source: {} });
    engine.queued.push(...(await deliverEvents(engine.db, engine.tenant.workspaceId, [key])));
    await engine.settle();
  };

  const endMap = async () => {
    for (const item of [1, 2, 3]) await send(`part ${item}`);
  };
  // What a part sees of the whole is what was there when it was started.
  const done = { status: "succeeded", output: { sum: ["2 none", "3 none", "4 none"], join: "approve" } };

  test("an approval beside a map of runs goes its way while the parts are under way", async () => {
    const runId = await start(beside);
    await decide(runId, "Go?");
    expect(await engine.run(runId)).toMatchObject({
      status: "waiting",
      waiting_on: "child",
      state: { after: { value: "approve" } },
    });
    await endMap();
    expect(await engine.run(runId)).toMatchObject(done);
    await sound(runId);
  });

  test("a map of runs goes its way while an approval beside it is open", async () => {
    const runId = await start(beside);
    await endMap();
    expect(await engine.run(runId)).toMatchObject({ status: "waiting", waiting_on: "approval" });
    expect(await lines(runId)).toContain("sum succeeded");
    await decide(runId, "Go?");
    expect(await engine.run(runId)).toMatchObject(done);
    await sound(runId);
  });

  const gated = graph(
    {
      quick: set("q"),
      check: ask("Ok?", { actions: ["approve", "skip"] }),
      late: set("l"),
      other: set("o"),
      send: {
        type: "set",
        values: { n: "{{ state.send == null ? 1 : state.send.n + 1 }}", late: "{{ state.late }}" },
      },
    },
    [
      edge("start", "quick"),
      edge("start", "check"),
      { from: "check", when: [{ if: "state.check.action == 'skip'", to: "other" }], else: "late" },
      edge("other", "end"),
      { from: ["quick", "late"], to: "send", join: "active" },
      edge("send", "end"),
    ],
  );

  test.each([
    { action: "approve", late: { value: "l" } },
    { action: "skip", late: null },
  ])(
    "a join of active branches waits for one that is parked, wherever it goes then: $action",
    async ({ action, late }) => {
      const runId = await start(gated);
      expect(await lines(runId)).not.toContain("send succeeded");
      await decide(runId, "Ok?", { action });
      expect(await engine.run(runId)).toMatchObject({ status: "succeeded", state: { send: { n: 1, late } } });
      await sound(runId);
    },
  );

  test("a fork from the step after an answered approval asks for what was still open, and for nothing else", async () => {
    const runId = await start(two);
    await decide(runId, "A");
    const log = await engine.rows("agent_logs", runId);
    const superstep = Number(log.find((row) => row["step"] === "a1")?.["superstep"]);
    const forked = await insertFork(engine.tenant, {
      id: randomUUID(),
      origin: runId,
      superstep,
      fresh: false,
      state: {},
      reuses: true,
      trigger: { kind: "manual" },
    });
    if (!("runId" in forked)) throw new Error(forked.refused);
    await engine.deliver(forked.runId);
    expect(await engine.run(forked.runId)).toMatchObject({ status: "waiting", waiting_on: "approval" });
    expect((await engine.openApprovals(forked.runId)).map((row) => row["title"])).toEqual(["B"]);
    await decide(forked.runId, "B");
    expect(await engine.run(forked.runId)).toMatchObject({ status: "succeeded", output: { all: "a1 b3" } });
    await sound(forked.runId);
    await decide(runId, "B");
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { all: "a1 b3" } });
  });

  test("a process that dies between an answer and its commit takes it in once", async () => {
    const runId = await start(two);
    await store(runId, "A");
    engine.queued.length = 0;
    const messageId = randomUUID();
    let commits = 0;
    const dying = {
      ...engine.runner,
      store: {
        ...engine.store,
        commit: (...call: Parameters<typeof engine.store.commit>) =>
          (commits += 1) === 1 ? Promise.reject(new Error("died")) : engine.store.commit(...call),
      },
    };
    await expect(
      advanceRun(dying, { workspaceId: engine.tenant.workspaceId, runId }, { messageId, retried: 0 }),
    ).rejects.toThrow("died");
    await engine.deliver(runId, { messageId, retried: 1 });
    expect(await lines(runId)).toEqual(expect.arrayContaining(["a succeeded", "a1 succeeded"]));
    await decide(runId, "B");
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { all: "a1 b3" } });
    await sound(runId);
  });

  const busy = () =>
    new APICallError({
      message: "no",
      url: "http://m",
      requestBodyValues: {},
      statusCode: 503,
      isRetryable: true,
    });
  const retriesEnd = async (runId: string) => {
    await engine.owner(
      `update waits set due_at = now() where run_id = '${runId}' and status = 'open' and kind = 'timer'`,
    );
    await engine.owner(
      `update agent_sessions set due_at = now() where id = '${runId}' and status in ('waiting', 'retrying')`,
    );
    await engine.deliver(runId);
    await engine.settle();
  };

  test("a long time until the next try holds nothing up: answers beside it lead on, and the task is tried again by itself", async () => {
    let failures = 2;
    script = () => (failures-- > 0 ? busy() : "at last");
    const runId = await start(
      graph(
        {
          a: ask("A"),
          b: ask("B"),
          llm: { type: "llm", prompt: "x", retry: { attempts: 5, backoff: "1h" } },
          a1: set("a1"),
          join: set("{{ state.a1.value }} {{ state.b.action }} {{ state.llm }}"),
        },
        [
          edge("start", "a"),
          edge("start", "b"),
          edge("a", "a1"),
          edge("a", "llm"),
          edge(["a1", "b", "llm"], "join"),
          edge("join", "end"),
        ],
      ),
    );
    await decide(runId, "A");
    expect(await lines(runId)).toEqual(expect.arrayContaining(["a1 succeeded", "llm retrying"]));
    expect(await engine.run(runId)).toMatchObject({ status: "waiting", waiting_on: "approval" });
    await decide(runId, "B");
    expect(await lines(runId)).toContain("b succeeded");
    expect(await engine.run(runId)).toMatchObject({
      status: "retrying",
      waiting_on: null,
      error: { code: expect.any(String) },
    });
    await retriesEnd(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "retrying" });
    await retriesEnd(runId);
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      error: null,
      output: { join: { value: "a1 approve at last" } },
    });
    const tries = (await engine.rows("agent_logs", runId))
      .filter((row) => row["step"] === "llm")
      .toSorted((x, y) => Number(x["attempt"]) - Number(y["attempt"]));
    expect(tries.map((row) => [row["attempt"], row["status"]])).toEqual([
      [1, "retrying"],
      [2, "retrying"],
      [3, "succeeded"],
    ]);
    await sound(runId);
  });

  test("a task that is alone is tried again in its superstep, and one beside it has as many tries as its policy says", async () => {
    script = busy;
    const llm = { type: "llm", prompt: "x", retry: { attempts: 2, backoff: "1h" } };
    const alone = await start(graph({ llm }, [edge("start", "llm"), edge("llm", "end")]));
    expect(await engine.run(alone)).toMatchObject({ status: "retrying", attempt: 1, step: 0 });
    const accompanied = await start(
      graph({ llm, a: set(1), b: set("{{ state.a.value }}") }, [
        edge("start", "llm"),
        edge("start", "a"),
        edge("a", "b"),
        edge("llm", "end"),
        edge("b", "end"),
      ]),
    );
    expect(await engine.run(accompanied)).toMatchObject({ status: "retrying", state: { b: { value: 1 } } });
    await retriesEnd(accompanied);
    expect(await engine.run(accompanied)).toMatchObject({ status: "failed", error: { step: "llm" } });
    expect((await lines(accompanied)).filter((line) => line.startsWith("llm"))).toEqual([
      "llm retrying",
      "llm failed",
    ]);
  });

  test("an agent waits for all its calls, of which a person is asked about some", async () => {
    const calls: { tool: string; input: unknown }[] = [
      { tool: "http_request", input: { url: "https://example.com", method: "POST" } },
    ];
    let sent = 0;
    script = (prompt) => (prompt.includes("tool-result") ? "done" : (calls[0] ?? "none"));
    const flaky = {
      ...engine.runner,
      makePorts: (ref: { workspaceId: string; runId: string }) => ({
        ...engine.runner.makePorts(ref),
        fetch: async ({ url }: { readonly url: string }) => (
          (sent += 1),
          { url, status: 200, headers: {}, body: "" }
        ),
      }),
    };
    const runId = await engine.start(
      graph(
        {
          agent: {
            type: "agent",
            role: "R",
            goal: "G {{ state.other == null ? 1 : 2 }}",
            tools: ["http_request"],
            toolPolicy: { http_request: "approve" },
          },
          w: ask("W"),
          other: set("x"),
          join: set("{{ state.agent }}"),
        },
        [
          edge("start", "agent"),
          edge("start", "w"),
          edge("w", "other"),
          edge(["agent", "other"], "join"),
          edge("join", "end"),
        ],
      ),
    );
    engine.queued.length = 0;
    const go = () =>
      advanceRun(
        flaky,
        { workspaceId: engine.tenant.workspaceId, runId },
        { messageId: randomUUID(), retried: 0 },
      );
    await go();
    expect((await engine.openApprovals(runId)).map((row) => String(row["title"])).toSorted()).toEqual([
      "Call http_request?",
      "W",
    ]);
    await store(runId, "W");
    await go();
    expect(sent).toBe(0);
    expect(await engine.run(runId)).toMatchObject({ status: "waiting", state: { other: { value: "x" } } });
    await store(runId, "Call http_request?");
    await go();
    expect(sent).toBe(1);
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { join: { value: "done" } },
    });
    engine.queued.length = 0;
    await sound(runId);
  });

  test("what a person has approved does not change with the state beside it", async () => {
    const { workflowId } = await publish(
      engine.tenant,
      graph({ echo: set("{{ input.n }}") }, [edge("start", "echo"), edge("echo", "end")], {
        input: { type: "object", properties: { n: {} } },
        output: { n: "{{ state.echo.value }}" },
      }),
    );
    const runId = await start(
      graph(
        {
          one: set(1),
          gate: ask("Now {{ state.one.value }}?", { show: "{{ state.one.value }}" }),
          hold: ask("Change?"),
          change: { type: "set", values: { value: 2 }, save: "one" },
          call: { type: "workflow", workflow: workflowId, input: { n: "{{ state.one.value }}" } },
        },
        [
          edge("start", "one"),
          edge("one", "gate"),
          edge("one", "hold"),
          edge("hold", "change"),
          edge("gate", "call"),
          edge("call", "end"),
          edge("change", "end"),
        ],
      ),
    );
    await decide(runId, "Change?");
    const logged = async () =>
      (await engine.rows("agent_logs", runId)).find(
        (row) => row["step"] === "gate" && row["status"] === "succeeded",
      );
    await decide(runId, "Now 1?");
    expect(await logged()).toMatchObject({ input: { title: "Now 1?", shown: 1 } });
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      state: { one: { value: 2 }, call: { n: 2 } },
    });
  });

  test("a pause in the middle loses no branch", async () => {
    const runId = await engine.start(
      graph({ w: ask("W"), a: set(1), b: set(2), c: set(3) }, [
        edge("start", "w"),
        edge("start", "a"),
        edge("a", "b"),
        edge("b", "c"),
        edge("c", "end"),
        edge("w", "end"),
      ]),
    );
    engine.queued.length = 0;
    let commits = 0;
    const pausing = {
      ...engine.runner,
      store: {
        ...engine.store,
        commit: async (...call: Parameters<typeof engine.store.commit>) => {
          commits += 1;
          if (commits === 2) await storePause(engine.tenant, runId);
          return engine.store.commit(...call);
        },
      },
    };
    await advanceRun(
      pausing,
      { workspaceId: engine.tenant.workspaceId, runId },
      { messageId: randomUUID(), retried: 0 },
    );
    expect(await engine.run(runId)).toMatchObject({ status: "paused" });
    const resumed = await storeResume(engine.tenant, runId);
    if (resumed.kind === "done")
      for (const owed of resumed.owed)
        engine.queued.push({ workspaceId: engine.tenant.workspaceId, ...owed });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "waiting", state: { c: { value: 3 } } });
    await decide(runId, "W");
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  });

  test("a cancel closes what is open while something beside it is at work", async () => {
    const runId = await start(two);
    await decide(runId, "A");
    expect(await storeCancel(engine.tenant, runId, "enough")).toMatchObject({ kind: "done" });
    expect(await engine.openApprovals(runId)).toEqual([]);
    expect(await engine.run(runId)).toMatchObject({ status: "cancelled" });
  });

  test("a rejection that ends the run can be retried: it is asked again", async () => {
    const runId = await start(two);
    await decide(runId, "A");
    await decide(runId, "B", { action: "reject" });
    expect(await engine.run(runId)).toMatchObject({ status: "cancelled", error: { code: "rejected" } });
    const forked = await insertFork(engine.tenant, {
      id: randomUUID(),
      origin: runId,
      superstep: null,
      fresh: false,
      state: {},
      reuses: true,
      trigger: { kind: "manual" },
    });
    if (!("runId" in forked)) throw new Error(forked.refused);
    await engine.deliver(forked.runId);
    expect((await engine.openApprovals(forked.runId)).map((row) => row["title"])).toEqual(["B"]);
    await decide(forked.runId, "B");
    expect(await engine.run(forked.runId)).toMatchObject({ status: "succeeded", output: { all: "a1 b3" } });
    await sound(forked.runId);
  });
});
