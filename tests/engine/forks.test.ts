import { randomUUID } from "node:crypto";
import { APICallError } from "ai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceRun } from "#/agents/runner/advance.ts";
import { insertFork, type NewFork } from "#/db/forks.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { publish } from "#/tests/support/publish.ts";
import { chain, set } from "#/tests/support/definitions.ts";

const llm = (prompt: string, rest: Record<string, unknown> = {}) => ({
  type: "llm",
  prompt,
  retry: { attempts: 1 },
  ...rest,
});
const down = () =>
  new APICallError({ message: "no", url: "http://model.test", requestBodyValues: {}, statusCode: 400 });

let script: ScriptedModel = () => "ok";

describeOnPostgres("a run that is made from a run", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind, model: (prompt, call) => script(prompt, call) });
  });
  afterAll(() => engine.close());

  async function fork(origin: string, how: Partial<NewFork>) {
    const forked = await insertFork(engine.tenant, {
      id: randomUUID(),
      origin,
      superstep: null,
      fresh: false,
      state: {},
      reuses: true,
      trigger: { kind: "manual" },
      ...how,
    });
    if (!("runId" in forked)) return forked.refused;
    await engine.deliver(forked.runId);
    return forked.runId;
  }
  /** With all that it starts. */
  async function forkAll(origin: string, how: Partial<NewFork>) {
    const runId = await fork(origin, how);
    await engine.settle();
    return runId;
  }
  const listChildren = (runId: string) =>
    engine.owner(`select * from agent_sessions where parent_id = '${runId}' order by child_index`);
  async function calls(work: () => Promise<unknown>): Promise<number> {
    const before = engine.counts.modelCalls;
    await work();
    return engine.counts.modelCalls - before;
  }
  const start = async (definition: unknown, input = {}) => {
    const runId = await engine.start(definition, input);
    await engine.settle();
    return runId;
  };
  const readLog = async (runId: string) =>
    (await engine.rows("agent_logs", runId))
      .toSorted((a, b) => Number(a["seq"]) - Number(b["seq"]))
      .map((row) => `${String(row["step"])} ${row["reused"] ? "reused" : String(row["status"])}`);

  test("continues from the failed step and pays for nothing twice", async () => {
    script = (prompt) => (prompt.includes("second") ? down() : "first answer");
    const origin = await start(
      chain({
        first: llm("first"),
        second: llm("second"),
        last: set("{{ state.first }} {{ state.second }}"),
      }),
    );
    expect(await engine.run(origin)).toMatchObject({ status: "failed" });
    script = () => "second answer";
    let retried: unknown;
    expect(await calls(async () => void (retried = await fork(origin, {})))).toBe(1);
    const run = await engine.run(String(retried));
    expect(run).toMatchObject({
      status: "succeeded",
      forked_from: origin,
      output: { last: { value: "first answer second answer" } },
    });
    expect(run["usage"]).toMatchObject({ inputTokens: 10, savedTokens: 15 });
    expect(await readLog(String(retried))).toEqual(["first reused", "second succeeded", "last succeeded"]);
    expect(await engine.run(origin)).toMatchObject({ status: "failed" });
  });

  test("keeps the branches that were done when another one failed", async () => {
    script = (prompt) => (prompt.includes("bad") ? down() : "fine");
    const definition = chain({
      good: llm("good"),
      bad: llm("bad"),
      join: set("{{ state.good }} {{ state.bad }}"),
    });
    const origin = await start({
      ...definition,
      edges: [
        { from: "start", to: "good" },
        { from: "start", to: "bad" },
        { from: ["good", "bad"], to: "join" },
        { from: "join", to: "end" },
      ],
    });
    script = () => "mended";
    let retried: unknown;
    expect(await calls(async () => void (retried = await fork(origin, {})))).toBe(1);
    expect(await engine.run(String(retried))).toMatchObject({
      status: "succeeded",
      output: { join: { value: "fine mended" } },
    });
  });

  test("continues from any step with an edited state: only what depends on it is asked again", async () => {
    script = (prompt) => `said ${/"text":"([^"]*)"/.exec(prompt)?.[1] ?? ""}`;
    const origin = await start(
      chain({
        base: set("x"),
        about: llm("about {{ state.base.value }}"),
        other: llm("something else"),
        last: set("{{ state.about }} {{ state.other }}"),
      }),
    );
    let forked: unknown;
    expect(
      await calls(
        async () =>
          void (forked = await fork(origin, { superstep: 1, state: { "state.base": '{"value":"y"}' } })),
      ),
    ).toBe(1);
    expect(await engine.run(String(forked))).toMatchObject({
      status: "succeeded",
      state: { base: { value: "y" }, last: { value: "said about y said something else" } },
    });
    expect(await readLog(String(forked))).toEqual([
      "base reused",
      "about succeeded",
      "other reused",
      "last succeeded",
    ]);
    expect(await calls(() => fork(String(forked), { superstep: 1 }))).toBe(0);
    expect(await calls(() => fork(origin, { superstep: 1, reuses: false }))).toBe(2);
  });

  test("begins anew, with nothing or with all of what was paid for", async () => {
    script = () => "fine";
    const origin = await start(chain({ ask: llm("ask") }));
    expect(await calls(() => fork(origin, { fresh: true, reuses: false }))).toBe(1);
    expect(await calls(() => fork(origin, { fresh: true }))).toBe(0);
  });

  test("does not count what it has taken over as paid when its process died on the way", async () => {
    script = () => "fine";
    const origin = await start(chain({ ask: llm("ask") }));
    const died = {
      ...engine.runner,
      store: { ...engine.store, commit: () => Promise.reject(new Error("the process died")) },
    };
    const id = randomUUID();
    await insertFork(engine.tenant, {
      id,
      origin,
      superstep: null,
      fresh: true,
      state: {},
      reuses: true,
      trigger: { kind: "manual" },
    });
    await expect(
      advanceRun(died, { workspaceId: engine.tenant.workspaceId, runId: id }, { messageId: "m", retried: 0 }),
    ).rejects.toThrow("died");
    expect(await calls(() => engine.deliver(id, { messageId: "m", retried: 1 }))).toBe(0);
    expect((await engine.run(id))["usage"]).toMatchObject({
      inputTokens: 0,
      outputTokens: 0,
      savedTokens: 15,
    });
  });

  test("sets keys that nothing was saved to before", async () => {
    const origin = await start(
      chain(
        { first: set("{{ state.extra }}"), second: set("{{ state.extra }}") },
        { state: { extra: {} }, output: { second: "{{ state.second.value }}" } },
      ),
    );
    const forked = await fork(origin, { superstep: 1, state: { "state.extra": '"given"' } });
    expect(await engine.run(forked)).toMatchObject({ status: "succeeded", output: { second: "given" } });
  });

  test("asks an approval anew that comes after the place, and keeps the answer of one before", async () => {
    const origin = await start(
      chain({ first: set(1), ask: { type: "approval", title: "Go?" }, last: set(2) }),
    );
    expect(await engine.run(origin)).toMatchObject({ status: "waiting" });
    const forked = await fork(origin, { superstep: 1 });
    expect(await engine.run(forked)).toMatchObject({ status: "waiting", waiting_on: "approval" });
    expect((await engine.rows("approvals", forked))[0]).toMatchObject({ status: "open" });
  });

  test("is refused for what is no run, a part of another run, or a place that is not kept", async () => {
    const origin = await start(chain({ only: set(1) }));
    expect(await fork(randomUUID(), {})).toBe("not-found");
    expect(await fork(origin, { superstep: 40 })).toBe("no-checkpoint");
  });

  test("is the same run when it is asked for twice with one key", async () => {
    const origin = await start(chain({ only: set(1) }));
    const [one, other] = [
      await fork(origin, { fresh: true, idempotencyKey: "k" }),
      await fork(origin, { superstep: 0, idempotencyKey: "k" }),
    ];
    expect(one).toBe(other);
  });

  test("continues in a run that it had started, from the call that failed there", async () => {
    const { workflowId } = await publish(engine.tenant, chain({ one: llm("first"), two: llm("second") }));
    script = (prompt) => (prompt.includes("second") ? down() : "fine");
    const origin = await start(chain({ below: { type: "workflow", workflow: workflowId } }));
    expect(await engine.run(origin)).toMatchObject({ status: "failed", error: { code: "child-failed" } });
    script = () => "fine";
    let retried: unknown;
    expect(await calls(async () => void (retried = await forkAll(origin, {})))).toBe(1);
    expect(await engine.run(String(retried))).toMatchObject({ status: "succeeded" });
    const [before] = await listChildren(origin);
    expect(await listChildren(String(retried))).toMatchObject([
      { status: "succeeded", forked_from: before?.["id"], usage: { inputTokens: 10, savedTokens: 15 } },
    ]);
    expect(await calls(() => forkAll(origin, { fresh: true, reuses: false }))).toBe(2);
  });

  test("pays in a wide map only for the items that failed, wherever they stand in the list now", async () => {
    const steps = { call: llm("do {{ item }}"), done: set(1) };
    const each = {
      type: "map",
      items: "{{ state.list.value }}",
      parallel: 2,
      do: { steps, edges: chain(steps).edges },
    };
    script = (prompt) => (prompt.includes("do five") ? down() : "fine");
    const list = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    const origin = await start(chain({ list: set(list), each: { ...each, onItemError: "collect" } }));
    script = () => "fine";
    expect(await calls(() => forkAll(origin, { superstep: 1 }))).toBe(1);
    expect(
      await calls(() =>
        forkAll(origin, {
          superstep: 1,
          state: { "state.list": JSON.stringify({ value: list.toReversed().concat("eleven") }) },
        }),
      ),
    ).toBe(2);
  });

  test("sends nothing again that an item of a wide map has sent", async () => {
    const sent: string[] = [];
    const own = await openEngine({
      engine: kind,
      model: (prompt, call) => script(prompt, call),
      ports: { fetch: async ({ url }) => (sent.push(url), { url, status: 200, headers: {}, body: "{}" }) },
    });
    const steps = {
      send: { type: "http", method: "POST", url: "https://shop.test/{{ item }}" },
      ask: llm("about {{ item }}"),
    };
    script = (prompt) => (prompt.includes("about 3") ? down() : "fine");
    const origin = await own.start(
      chain({ each: { type: "map", items: "{{ [1, 2, 3] }}", do: { steps, edges: chain(steps).edges } } }),
    );
    await own.settle();
    expect(await own.run(origin)).toMatchObject({ status: "failed" });
    expect(sent.length).toBe(3);
    script = () => "fine";
    const forked = await insertFork(own.tenant, {
      id: randomUUID(),
      origin,
      superstep: null,
      fresh: false,
      state: {},
      reuses: true,
      trigger: { kind: "manual" },
    });
    if ("runId" in forked)
      own.queued.push({
        workspaceId: own.tenant.workspaceId,
        runId: forked.runId,
        wakes: 1,
        priority: "normal",
      });
    await own.settle();
    expect(await own.run("runId" in forked ? forked.runId : "")).toMatchObject({ status: "succeeded" });
    expect(sent.length).toBe(3);
    await own.close();
  });
});
