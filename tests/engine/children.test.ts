import { APICallError } from "ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliverEvents } from "#/db/engine.ts";
import { insertEvent } from "#/db/events.ts";
import { storeCancel, storePause, storeResume } from "#/db/run-lifecycle.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { publish } from "#/tests/support/publish.ts";
import { chain, set } from "#/tests/support/definitions.ts";

const input = { type: "object", properties: { list: { type: "array" }, n: { type: "number" } } };
const makeMap = (map: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  chain(
    { each: { type: "map", items: "{{ input.list }}", ...map } },
    { input, output: { each: "{{ state.each }}" }, ...rest },
  );
const range = (length: number) => Array.from({ length }, (_, index) => index);

let script: ScriptedModel = () => "ok";
const refused = () =>
  new APICallError({ message: "no", url: "http://model.test", requestBodyValues: {}, statusCode: 400 });

describeOnPostgres("runs that start runs", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind, model: (prompt, call) => script(prompt, call) });
  });
  afterAll(() => engine.close());

  const children = async (runId: string) => {
    const rows = await engine.tenant.batch((query) => [
      query.selectFrom("agent_sessions").selectAll().where("parent_id", "=", runId).orderBy("child_index"),
    ]);
    return rows[0];
  };

  test("a workflow step runs another workflow, waits without a process, and gets its output", async () => {
    const { workflowId } = await publish(
      engine.tenant,
      chain({ double: set("{{ input.n * 2 }}") }, { input, output: { doubled: "{{ state.double.value }}" } }),
    );
    const runId = await engine.start(
      chain({ call: { type: "workflow", workflow: workflowId, input: { n: "{{ input.n }}" } } }, { input }),
      { n: 21 },
    );
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { call: { doubled: 42 } } });
    expect(await children(runId)).toMatchObject([
      { status: "succeeded", trigger: { kind: "run", runId }, depth: 1 },
    ]);
  });

  test("a child that fails fails its step, which has an error policy like any other", async () => {
    const { workflowId } = await publish(
      engine.tenant,
      chain({ broken: { type: "http", url: "not a url", retry: { attempts: 1 } } }),
    );
    const runId = await engine.start(
      chain({ call: { type: "workflow", workflow: workflowId, onError: { continue: "instead" } } }),
    );
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { call: "instead" } });
  });

  test("what a step has started has the time that the step gives it, and its own workflow's, whichever is shorter", async () => {
    const hold = { hold: { type: "wait", event: { key: "never" } } };
    const slow = await publish(engine.tenant, chain(hold));
    const quick = await publish(engine.tenant, chain(hold, { limits: { timeout: "1s" } }));
    const each = { type: "map", items: [1], timeout: "1s", do: { steps: hold, edges: chain(hold).edges } };
    for (const step of [
      { type: "workflow", workflow: slow.workflowId, timeout: "1s" },
      { type: "workflow", workflow: quick.workflowId, timeout: "1h" },
      each,
    ]) {
      const runId = await engine.start(chain({ call: step }));
      await engine.settle();
      const [child] = await children(runId);
      expect(child).toMatchObject({ status: "waiting" });
      const seconds = (Number(child?.deadline_at) - Number(child?.created_at)) / 1000;
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThan(60);
      await engine.tenant.batch((query) => [
        query
          .updateTable("agent_sessions")
          .set({ deadline_at: new Date(0), due_at: new Date(0) })
          .where("id", "=", String(child?.id)),
      ]);
      await engine.deliver(String(child?.id));
      await engine.settle();
      expect(await engine.run(runId)).toMatchObject({
        status: "failed",
        error: { message: expect.stringContaining("time limit") as string },
      });
    }
  });

  test("a workflow that starts itself is stopped in the depth", async () => {
    const runId = await engine.start(chain({ call: { type: "workflow", workflow: "itself" } }));
    await engine.tenant.batch((query) => [
      query
        .updateTable("workflows")
        .set({ name: "itself" })
        .where("id", "in", query.selectFrom("agent_sessions").select("workflow_id").where("id", "=", runId)),
    ]);
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: {
        code: "child-failed",
        message: expect.stringMatching("8 deep at most.*needs a condition that ends it") as string,
      },
    });
  });

  test("a narrow map of one call does its items in one superstep, each journaled for itself", async () => {
    script = (prompt) => `about ${/item (\d)/.exec(prompt)?.[1]}`;
    const before = engine.counts.modelCalls;
    const runId = await engine.start(
      makeMap({
        do: { type: "llm", prompt: "item {{ item.id }} at {{ index }} of {{ input.list.size() }}" },
      }),
      { list: range(4).map((id) => ({ id })) },
    );
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      step: 3,
      output: { each: ["about 0", "about 1", "about 2", "about 3"] },
    });
    expect(engine.counts.modelCalls - before).toBe(4);
    expect(await children(runId)).toHaveLength(0);
  });

  test("a map's own retry and timeout reach items that run side by side", async () => {
    const failing = new APICallError({
      message: "busy",
      url: "http://model.test",
      requestBodyValues: {},
      statusCode: 400,
    });
    let calls = 0;
    script = () => ((calls += 1) === 1 ? failing : "ok");
    const retry = { attempts: 2, backoff: "0s", if: "true" };
    const list = ["a"];
    const retried = await engine.start(makeMap({ retry, do: { type: "llm", prompt: "{{ item }}" } }), {
      list,
    });
    await engine.settle();
    expect(await engine.run(retried)).toMatchObject({ status: "succeeded", output: { each: ["ok"] } });
    expect(calls).toBe(2);
    // Its own word comes first.
    calls = 0;
    const once = { type: "llm", prompt: "{{ item }}", retry: { attempts: 1 } };
    const failed = await engine.start(makeMap({ retry, do: once }), { list });
    await engine.settle();
    expect(await engine.run(failed)).toMatchObject({ status: "failed", error: { code: "model-refused" } });
    const slow = { type: "code", source: "for (;;) {}", retry: { attempts: 1 } };
    const late = await engine.start(
      makeMap({ timeout: "1s", onItemError: "fail", do: { ...slow, timeout: "9s" } }),
      {
        list,
      },
    );
    const startedAt = Date.now();
    await engine.settle();
    expect((await engine.run(late))["status"]).toMatch(/failed|timed_out/);
    expect(Date.now() - startedAt).toBeLessThan(9_000);
  });

  test("items see the state around the map", async () => {
    const steps = {
      base: set(10),
      each: { type: "map", items: "{{ input.list }}", do: set("{{ state.base.value + item }}") },
    };
    const runId = await engine.start(
      chain(steps, { input, output: { each: "{{ state.each.map(e, e.value) }}" } }),
      { list: [1, 2, 3] },
    );
    const wide = {
      ...steps,
      each: {
        ...steps.each,
        do: {
          steps: { plus: set("{{ state.base.value + item }}") },
          edges: [
            { from: "start", to: "plus" },
            { from: "plus", to: "end" },
          ],
          output: "{{ state.plus.value }}",
        },
      },
    };
    const other = await engine.start(chain(wide, { input, output: { each: "{{ state.each }}" } }), {
      list: [1, 2, 3],
    });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { each: [11, 12, 13] } });
    expect(await engine.run(other)).toMatchObject({ status: "succeeded", output: { each: [11, 12, 13] } });
    expect(await children(other)).toHaveLength(3);
  });

  test("a wide map runs its items as runs of their own, so many at a time", async () => {
    const runId = await engine.start(
      makeMap(
        { parallel: 3, do: set("{{ item }}") },
        { output: { each: "{{ state.each.map(e, e.value) }}" } },
      ),
      { list: range(12) },
    );
    await engine.deliver(runId);
    engine.queued.splice(0, engine.queued.findIndex((wake) => wake.runId === runId) + 1);
    expect(await engine.run(runId)).toMatchObject({ status: "waiting", waiting_on: "child" });
    expect(engine.queued).toHaveLength(3);
    expect((await children(runId)).filter((child) => child.status === "queued")).toHaveLength(12);
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { each: range(12) } });
  });

  test("an empty list is a result", async () => {
    const runId = await engine.start(makeMap({ do: set("{{ item }}") }), { list: [] });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { each: [] } });
  });

  test.each([4, 12])(
    "of %i items with a failing one: fail fails the step, skip leaves it out, collect tells all",
    async (count) => {
      script = (prompt) => (prompt.includes("item 2.") ? refused() : "fine");
      const run = async (onItemError: string) => {
        const runId = await engine.start(
          makeMap({ onItemError, do: { type: "llm", prompt: "item {{ item }}." } }),
          { list: range(count) },
        );
        await engine.settle();
        return engine.run(runId);
      };
      expect(await run("fail")).toMatchObject({
        status: "failed",
        error: { step: count === 4 ? "each" : "each" },
      });
      expect(await run("skip")).toMatchObject({
        status: "succeeded",
        output: { each: range(count - 1).map(() => "fine") },
      });
      const collected = await run("collect");
      expect(collected).toMatchObject({ status: "succeeded" });
      const { each } = collected["output"] as { each: unknown[] };
      expect(each).toHaveLength(count);
      expect(each[1]).toEqual({ ok: true, value: "fine" });
      expect(each[2]).toMatchObject({ ok: false, error: { code: "model-refused" } });
    },
  );

  describe("error policies", () => {
    const broken = { type: "code", source: "throw new Error('broken')" };
    const isThree = { type: "code", source: "if (item === 3) throw new Error('broken'); return item" };
    const run = async (map: Record<string, unknown>, steps: Record<string, unknown> = {}) => {
      const each = { type: "map", items: "{{ input.list }}", ...map };
      const runId = await engine.start(
        { ...chain({ each, ...steps }, { input }), output: { each: "{{ state.each }}" } },
        { list: [] },
      );
      await engine.settle();
      const failures = (await engine.rows("agent_logs", runId))
        .filter((row) => row["step"] === "each" && row["status"] === "failed")
        .map((row) => row["output"]);
      return { ...(await engine.run(runId)), failures };
    };

    test.each([[1], [4], [10]])("of a map count when one of %i items fails", async (count) => {
      const items = range(count);
      expect(await run({ items, do: broken, onError: { continue: [] } })).toMatchObject({
        status: "succeeded",
        output: { each: [] },
      });
      const away = await run(
        { items, do: broken, onError: { goto: "mend" } },
        { mend: set("{{ state.each.error.code }}") },
      );
      expect(away).toMatchObject({
        status: "succeeded",
        output: { each: { error: { code: "item-failed" } } },
        state: { mend: { value: "item-failed" } },
      });
    });

    test.each([["{{ 5 }}"], ["{{ input.n }}"]])(
      "of a map count when %s is no list, and the failure is told once",
      async (items) => {
        const ended = await run({ items, do: broken, onError: { continue: [] } });
        expect(ended).toMatchObject({ status: "succeeded", output: { each: [] } });
        expect(ended.failures).toHaveLength(1);
      },
    );

    test.each([[4], [10]])("of what a map does give the item its value, of %i items", async (count) => {
      expect(
        await run({ items: range(count), do: { ...isThree, onError: { continue: "none" } } }),
      ).toMatchObject({
        status: "succeeded",
        output: { each: range(count).map((item) => (item === 3 ? "none" : item)) },
      });
    });

    test("of a map in a loop are for one time only", async () => {
      const each = {
        type: "map",
        items: "{{ state.again.value }}",
        do: set("{{ item }}"),
        onError: { goto: "again" },
      };
      const edges = [
        { from: "start", to: "each" },
        { from: "again", to: "each" },
        { from: "each", to: "out" },
        { from: "out", to: "end" },
      ];
      const runId = await engine.start({
        ...chain({ each, again: set([1]), out: set("{{ state.each }}") }),
        edges,
        output: { out: "{{ state.out.value }}" },
      });
      await engine.settle();
      expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { out: [{ value: 1 }] } });
    });

    test("of an agent that failed in a loop lets it begin anew, and a tool that failed for good is told to the model", async () => {
      const prompts: string[] = [];
      let failures = 1;
      script = (prompt) => {
        prompts.push(prompt);
        if (!prompt.includes("tool-result"))
          return { tool: "http_request", input: { url: "https://example.com" } };
        return failures-- > 0 ? refused() : "done";
      };
      const agent = {
        type: "agent",
        role: "R",
        goal: "G",
        tools: ["http_request"],
        retry: { attempts: 1 },
        onError: { goto: "again" },
      };
      const edges = [
        { from: "start", to: "agent" },
        { from: "again", to: "agent" },
        { from: "agent", to: "end" },
      ];
      const runId = await engine.start({
        ...chain({ agent, again: set("again") }),
        edges,
        output: { said: "{{ state.agent }}" },
      });
      await engine.settle();
      expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { said: "done" } });
      expect(prompts).toHaveLength(4);
      expect(prompts[1]).toContain("The tool failed: ");
      expect(prompts[2]).not.toContain("tool-result");
    });
  });

  test("a join to the end is what the end is anyway", async () => {
    const runId = await engine.start({
      ...chain({ a: set(1), b: set(2) }, { output: { a: "{{ state.a.value }}", b: "{{ state.b.value }}" } }),
      edges: [
        { from: "start", to: "a" },
        { from: "start", to: "b" },
        { from: ["a", "b"], to: "end" },
      ],
    });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { a: 1, b: 2 } });
  });

  test("cancelling a run ends all that it has started, and a cancelled child tells its parent", async () => {
    const definition = makeMap({
      parallel: 20,
      onItemError: "collect",
      do: { type: "approval", title: "Go?" },
    });
    const runId = await engine.start(definition, { list: range(3) });
    await engine.settle();
    const [first] = await children(runId);
    const cancelled = await storeCancel(engine.tenant, first?.id ?? "", "not this one");
    expect(cancelled).toEqual({ kind: "done", owed: [] });
    expect(await engine.run(runId)).toMatchObject({ status: "waiting" });
    expect(await storeCancel(engine.tenant, runId, "enough")).toMatchObject({ kind: "done" });
    expect((await children(runId)).map((child) => child.status)).toEqual([
      "cancelled",
      "cancelled",
      "cancelled",
    ]);
    expect(await engine.run(runId)).toMatchObject({ status: "cancelled" });
    const [approvals] = await engine.tenant.batch((query) => [
      query.selectFrom("approvals").select("status").where("status", "=", "open"),
    ]);
    expect(approvals).toEqual([]);
  });

  test("a loop is left when its bound is reached", async () => {
    const runId = await engine.start({
      ...chain({ write: set("{{ state.write == null ? 1 : state.write.value + 1 }}"), review: set("no") }),
      edges: [
        { from: "start", to: "write" },
        { from: "write", to: "review" },
        { from: "review", when: [{ if: "true", to: "write", max: 3 }], else: "end" },
      ],
      output: { tries: "{{ state.write.value }}" },
    });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { tries: 4 } });
  });

  test("an event answers every run that waits for its key, and one that comes too early is kept", async () => {
    const waiting = chain(
      { paid: { type: "wait", event: { key: "order-{{ input.n }}", timeout: { after: "1h" } } } },
      { input },
    );
    const send = async (key: string, payload: unknown) => {
      await insertEvent(engine.tenant, { id: crypto.randomUUID(), key, payload, source: {} });
      engine.queued.push(...(await deliverEvents(engine.db, engine.tenant.workspaceId, [key])));
    };
    const [one, other] = [await engine.start(waiting, { n: 1 }), await engine.start(waiting, { n: 1 })];
    await engine.settle();
    expect(await engine.run(one)).toMatchObject({ status: "waiting", waiting_on: "event" });
    await send("order-1", { amount: 5 });
    await engine.settle();
    for (const runId of [one, other])
      expect(await engine.run(runId)).toMatchObject({
        status: "succeeded",
        output: { paid: { event: { amount: 5 } } },
      });
    await send("order-2", "early");
    const late = await engine.start(waiting, { n: 2 });
    await engine.settle();
    expect(await engine.run(late)).toMatchObject({
      status: "succeeded",
      output: { paid: { event: "early" } },
    });
    const again = await engine.start(waiting, { n: 2 });
    await engine.settle();
    expect(await engine.run(again)).toMatchObject({ status: "waiting" });
  });

  test("a paused run does nothing, keeps what is decided meanwhile, and continues when it is resumed", async () => {
    const runId = await engine.start(
      makeMap({ parallel: 20, do: { type: "wait", event: { key: "go-{{ index }}" } } }),
      { list: range(2) },
    );
    await engine.settle();
    expect(await storePause(engine.tenant, runId)).toEqual({ kind: "done" });
    expect((await children(runId)).map((child) => child.status)).toEqual(["paused", "paused"]);
    await insertEvent(engine.tenant, { id: crypto.randomUUID(), key: "go-0", payload: 0, source: {} });
    expect(await deliverEvents(engine.db, engine.tenant.workspaceId, ["go-0"])).toEqual([]);
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "paused" });
    const resumed = await storeResume(engine.tenant, runId);
    expect(resumed.kind).toBe("done");
    if (resumed.kind === "done")
      engine.queued.push(
        ...resumed.owed.map((owed) => Object.assign({ workspaceId: engine.tenant.workspaceId }, owed)),
      );
    await engine.settle();
    expect((await children(runId)).map((child) => child.status)).toEqual(["succeeded", "waiting"]);
    await insertEvent(engine.tenant, { id: crypto.randomUUID(), key: "go-1", payload: 1, source: {} });
    engine.queued.push(...(await deliverEvents(engine.db, engine.tenant.workspaceId, ["go-1"])));
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  });

  test("a pause that comes while a step is at work takes effect with its commit, and nothing of the step is lost", async () => {
    const runId = await engine.start(
      chain({ first: { type: "llm", prompt: "first" }, second: set("{{ state.first }}") }),
    );
    script = () => {
      void storePause(engine.tenant, runId);
      return "done once";
    };
    engine.queued.length = 0;
    const slow = {
      ...engine.runner,
      store: {
        ...engine.store,
        journal: async (...call: Parameters<typeof engine.store.journal>) => (
          await storePause(engine.tenant, runId),
          engine.store.journal(...call)
        ),
      },
    };
    const { advanceRun } = await import("#/agents/runner/advance.ts");
    await advanceRun(slow, { workspaceId: engine.tenant.workspaceId, runId }, { messageId: "m", retried: 0 });
    expect(await engine.run(runId)).toMatchObject({
      status: "paused",
      step: 1,
      state: { first: "done once" },
    });
    const before = engine.counts.modelCalls;
    const resumed = await storeResume(engine.tenant, runId);
    expect(resumed.kind).toBe("done");
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    expect(engine.counts.modelCalls).toBe(before);
  });

  test("a run that is over its time limit ends as timed out, also while it waits", async () => {
    const runId = await engine.start(chain({ ask: { type: "approval", title: "Go?" } }));
    await engine.settle();
    await engine.tenant.batch((query) => [
      query
        .updateTable("agent_sessions")
        .set({ deadline_at: new Date(Date.now() - 1000), due_at: new Date() })
        .where("id", "=", runId),
    ]);
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "timed_out", error: { code: "run-timeout" } });
    expect((await engine.rows("approvals", runId))[0]).toMatchObject({ status: "cancelled" });
  });
});
