import { randomUUID } from "node:crypto";
import { APICallError } from "ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertFork } from "#/db/forks.ts";
import { findApproval, storeDecision } from "#/db/decisions.ts";
import { storeCancel } from "#/db/run-lifecycle.ts";
import type { RunRef, RunStore } from "#/agents/runner/runner-ports.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { chain, set } from "#/tests/support/definitions.ts";

const makeChain = (length: number, step: (index: number) => unknown) =>
  chain(Object.fromEntries(Array.from({ length }, (_, index) => [`s${index}`, step(index)])));
const sets = (length: number) => makeChain(length, set);
const talk = (length: number) => makeChain(length, () => ({ type: "llm", prompt: "hello" }));
const single = (step: unknown, rest: Record<string, unknown> = {}) => chain({ only: step }, rest);
const reviewed = {
  format: "cairn/v1",
  name: "reviewed",
  kind: "graph",
  input: { type: "object", properties: { topic: { type: "string" } } },
  steps: {
    research: { type: "agent", role: "Researcher", goal: "Find {{ input.topic }}", tools: ["calculator"] },
    approve: {
      type: "approval",
      title: "Publish {{ input.topic }}?",
      show: "{{ state.research }}",
      actions: ["approve", "edit", "reject"],
      edits: "research",
    },
    write: { type: "llm", prompt: "Write from: {{ state.research }}", save: "brief" },
  },
  edges: [
    { from: "start", to: "research" },
    { from: "research", to: "approve" },
    { from: "approve", when: [{ if: "state.approve.action != 'reject'", to: "write" }], else: "end" },
    { from: "write", to: "end" },
  ],
  output: { brief: "{{ state.brief }}" },
};

let script: ScriptedModel = () => "ok";
const unavailable = () =>
  new APICallError({
    message: "upstream is down",
    url: "http://model.test",
    requestBodyValues: {},
    statusCode: 503,
    isRetryable: true,
  });

async function openApproval(engine: TestEngine, runId: string) {
  const [approval] = await engine.rows("approvals", runId);
  return String(approval?.["id"]);
}

async function decide(engine: TestEngine, runId: string, decision: { action: string; values?: unknown }) {
  const owed = await storeDecision(engine.tenant, runId, {
    approvalId: await openApproval(engine, runId),
    by: { kind: "person" },
    ...decision,
  });
  if (owed) engine.queued.push({ workspaceId: engine.tenant.workspaceId, ...owed });
  return owed;
}

describeOnPostgres("the engine", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind, model: (prompt, call) => script(prompt, call) });
  });
  afterAll(() => engine.close());

  test("needs two round trips for the first superstep of an invocation and one for each further one", async () => {
    const before = { ...engine.counts };
    await engine.start(sets(10));
    await engine.settle();
    expect(engine.counts.claims - before.claims).toBe(1);
    expect(engine.counts.commits - before.commits).toBe(10);
    expect(engine.counts.journals).toBe(before.journals);
  });

  test("hands over after each superstep when the budget is zero, and ends the same", async () => {
    const frugal = { ...engine.runner, budget: { budgetMs: 0, limit: 25 } };
    const looped = await engine.start(sets(4));
    await engine.settle();
    const stepped = await engine.start(sets(4));
    const { advanceRun } = await import("#/agents/runner/advance.ts");
    for (let deliveries = 0; deliveries < 4; deliveries += 1) {
      expect(engine.queued.length).toBe(1);
      engine.queued.length = 0;
      await advanceRun(
        frugal,
        { workspaceId: engine.tenant.workspaceId, runId: stepped },
        { messageId: randomUUID(), retried: 0 },
      );
    }
    const [one, other] = await Promise.all([engine.run(looped), engine.run(stepped)]);
    expect(other["status"]).toBe("succeeded");
    expect(other["output"]).toEqual(one["output"]);
    expect(other["step"]).toBe(one["step"]);
  });

  test("runs an agent's tool loop, waits for the approval, and continues with the edited text", async () => {
    script = (prompt) => {
      if (prompt.includes("Write from"))
        return `Brief of ${prompt.includes("edited findings") ? "the edited" : "the first"} findings`;
      return prompt.includes("tool-result")
        ? "found 4"
        : { tool: "calculator", input: { expression: "2 + 2" } };
    };
    const runId = await engine.start(reviewed, { topic: "sums" });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({
      status: "waiting",
      waiting_on: "approval",
      state: { research: "found 4" },
    });
    const approval = await findApproval(engine.tenant, await openApproval(engine, runId));
    expect(approval).toMatchObject({
      status: "open",
      actions: ["approve", "edit", "reject"],
      form: { required: ["research"] },
    });
    await decide(engine, runId, { action: "edit", values: { research: "edited findings" } });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { brief: "Brief of the edited findings" },
    });
    const logs = await engine.rows("agent_logs", runId);
    expect(
      logs
        .toSorted((a, b) => Number(a["seq"]) - Number(b["seq"]))
        .map((row) => [row["step"], row["kind"], row["status"]].join(" ")),
    ).toEqual([
      "research model succeeded",
      "research tool succeeded",
      "research model succeeded",
      "approve approval waiting",
      "approve approval succeeded",
      "write model succeeded",
    ]);
  });

  test("takes a branch on rejection", async () => {
    script = () => "draft";
    const runId = await engine.start(reviewed, { topic: "x" });
    await engine.settle();
    await decide(engine, runId, { action: "reject" });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { brief: null } });
  });

  test("ends a run whose rejection has no branch", async () => {
    const runId = await engine.start(single({ type: "approval", title: "Go?" }));
    await engine.settle();
    await decide(engine, runId, { action: "reject" });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "cancelled", error: { code: "rejected" } });
  });

  test("counts an approval once that is decided many times at the same moment", async () => {
    const runId = await engine.start(single({ type: "approval", title: "Go?" }));
    await engine.settle();
    const decisions = await Promise.all(
      Array.from({ length: 8 }, () => decide(engine, runId, { action: "approve" })),
    );
    expect(decisions.filter((owed) => owed !== undefined)).toHaveLength(1);
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  });

  test("ignores a repeated and a concurrent delivery", async () => {
    const runId = await engine.start(sets(3));
    engine.queued.length = 0;
    const answers = await Promise.all(Array.from({ length: 5 }, () => engine.deliver(runId)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    await engine.deliver(runId);
    expect((await engine.rows("agent_logs", runId)).length).toBe(3);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", step: 3 });
  });

  test("lets a later retry of the holder's own message take over at once, and fences the earlier attempt off", async () => {
    const runId = await engine.start(sets(2));
    engine.queued.length = 0;
    const messageId = randomUUID();
    const ref = { workspaceId: engine.tenant.workspaceId, runId };
    const dead = await engine.store.claim(ref, { messageId, retried: 0 }, 60_000);
    expect(dead?.claimed).toBe(true);
    expect((await engine.deliver(runId)).status).toBe(200);
    expect(await engine.run(runId)).toMatchObject({ status: "running", step: 0 });
    await engine.deliver(runId, { messageId, retried: 1 });
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    const epoch = dead?.claimed ? dead.epoch : 0;
    const { settle } = await import("#/agents/engine/settle.ts");
    const settlement = settle(
      { kind: "finished", output: "zombie" },
      { elapsedMs: 0, supersteps: 1, attempt: 0, step: 0, maxSteps: 100 },
      engine.runner.budget,
    );
    const change = {
      settlement,
      rows: { checkpoints: [], blobs: [], writes: [] },
      state: {},
      logs: [],
      consumed: [],
      leaseMs: 1,
      parentId: null,
    };
    expect(await engine.store.commit(ref, epoch, change)).toEqual({ committed: false });
  });

  /** Delivers with a database that does something else at the `nth` commit. */
  async function deliverWith(runId: string, nth: number, instead: () => Promise<void>) {
    let commits = 0;
    const store: RunStore = {
      ...engine.store,
      commit: async (...call) => {
        commits += 1;
        if (commits === nth) await instead();
        return engine.store.commit(...call);
      },
    };
    const { advanceRun } = await import("#/agents/runner/advance.ts");
    const messageId = randomUUID();
    const ref = { workspaceId: engine.tenant.workspaceId, runId };
    return { messageId, answer: advanceRun({ ...engine.runner, store }, ref, { messageId, retried: 0 }) };
  }

  test("starts no further step when it was cancelled between two steps of one invocation", async () => {
    script = () => "said";
    const runId = await engine.start(talk(3));
    engine.queued.length = 0;
    const before = engine.counts.modelCalls;
    const { answer } = await deliverWith(
      runId,
      2,
      async () => void (await storeCancel(engine.tenant, runId, "enough")),
    );
    expect(await answer).toEqual({ status: 200 });
    expect(engine.counts.modelCalls - before).toBe(2);
    expect(await engine.run(runId)).toMatchObject({
      status: "cancelled",
      step: 1,
      state: { s0: "said", s1: null },
    });
  });

  test("starts no further step when the database cannot be reached, and continues from what it stored", async () => {
    script = () => "said";
    const runId = await engine.start(talk(3));
    engine.queued.length = 0;
    const before = engine.counts.modelCalls;
    const { answer, messageId } = await deliverWith(runId, 2, () =>
      Promise.reject(new Error("connection reset")),
    );
    await expect(answer).rejects.toThrow("connection reset");
    expect(engine.counts.modelCalls - before).toBe(2);
    await engine.deliver(runId, { messageId, retried: 1 });
    expect(engine.counts.modelCalls - before).toBe(3);
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      step: 3,
      output: { s0: "said", s1: "said", s2: "said" },
    });
  });

  test("ends a step that does not stop when its time is over", async () => {
    const deaf: TestEngine["runner"] = {
      ...engine.runner,
      makePorts: (ref) => ({
        ...engine.runner.makePorts(ref),
        search: () => new Promise<never>(() => undefined),
      }),
    };
    const runId = await engine.start(
      single({ type: "search", query: "anything", timeout: "1s", retry: { attempts: 1 } }),
    );
    engine.queued.length = 0;
    const { advanceRun } = await import("#/agents/runner/advance.ts");
    await advanceRun(
      deaf,
      { workspaceId: engine.tenant.workspaceId, runId },
      { messageId: randomUUID(), retried: 0 },
    );
    expect(await engine.run(runId)).toMatchObject({
      status: "timed_out",
      error: { code: "timeout", step: "only" },
    });
  });

  test("sweeps a run whose wake-up was lost and one whose holder died", async () => {
    const lost = await engine.start(sets(1));
    const orphan = await engine.start(sets(1));
    engine.queued.length = 0;
    await engine.store.claim(
      { workspaceId: engine.tenant.workspaceId, runId: orphan },
      { messageId: "dead", retried: 0 },
      0,
    );
    expect(await engine.sweep()).toBe(2);
    await engine.settle();
    expect(await engine.run(lost)).toMatchObject({ status: "succeeded" });
    expect(await engine.run(orphan)).toMatchObject({ status: "succeeded" });
    expect(await engine.sweep()).toBe(0);
  });

  test("pays for a model call once when the invocation dies before its commit", async () => {
    script = () => "paid";
    const runId = await engine.start(single({ type: "llm", prompt: "hello" }));
    engine.queued.length = 0;
    const before = engine.counts.modelCalls;
    const { advanceRun } = await import("#/agents/runner/advance.ts");
    const dying = {
      ...engine.runner,
      store: { ...engine.store, commit: () => Promise.reject(new Error("the process died here")) },
    };
    const messageId = randomUUID();
    await expect(
      advanceRun(dying, { workspaceId: engine.tenant.workspaceId, runId }, { messageId, retried: 0 }),
    ).rejects.toThrow("died");
    await engine.deliver(runId, { messageId, retried: 1 });
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { only: "paid" } });
    expect(engine.counts.modelCalls - before).toBe(1);
  });

  test("retries an unavailable model with a delay, then fails with what to do, and can be retried by hand", async () => {
    script = unavailable;
    const runId = await engine.start(
      single({ type: "llm", prompt: "hello", retry: { attempts: 2, backoff: "0s" } }),
    );
    await engine.settle();
    for (let tries = 0; tries < 3; tries += 1) await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: { code: "model-unavailable", step: "only" },
    });
    expect(
      (await engine.rows("agent_logs", runId))
        .map((row) => String(row["status"]))
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(["failed", "retrying"]);
    script = () => "back again";
    const retried = await insertFork(engine.tenant, {
      id: randomUUID(),
      origin: runId,
      superstep: null,
      fresh: false,
      state: {},
      reuses: true,
      trigger: { kind: "manual" },
    });
    if (!("runId" in retried)) throw new Error(retried.refused);
    await engine.deliver(retried.runId);
    expect(await engine.run(retried.runId)).toMatchObject({
      status: "succeeded",
      output: { only: "back again" },
    });
  });

  test("asks again for an answer that is of no use, and keeps none of them", async () => {
    const outputSchema = { type: "object", required: ["n"], properties: { n: { type: "number" } } };
    const answers = ["no JSON", '{"n":"no number"}', '{"n":1}'];
    script = () => answers.shift() ?? "too late";
    const runId = await engine.start(
      single({ type: "llm", prompt: "hello", outputSchema, retry: { attempts: 3, backoff: "0s" } }),
    );
    for (let tries = 0; tries < 3; tries += 1) await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { only: { n: 1 } } });
    expect(await engine.rows("journal", runId)).toHaveLength(1);
  });

  test("tries again when the store of passages or a server does not answer an agent's call", async () => {
    let searches = 0;
    const search = async () => {
      searches += 1;
      if (searches === 1) throw new Error("fetch failed");
      return [];
    };
    let fetches = 0;
    const fetch = async ({ url }: { readonly url: string }) => {
      fetches += 1;
      if (fetches === 1) throw new Error("socket hang up");
      return { url, status: 200, headers: {}, body: "" };
    };
    const flaky = {
      ...engine.runner,
      makePorts: (ref: RunRef) => ({ ...engine.runner.makePorts(ref), search, fetch }),
    };
    const calls = [
      { tool: "knowledge_search", input: { query: "holidays" } },
      { tool: "http_request", input: { url: "https://example.com" } },
      "done",
    ];
    script = () => calls.shift() ?? "done";
    const runId = await engine.start(
      single({
        type: "agent",
        role: "R",
        goal: "G",
        tools: ["knowledge_search", "http_request"],
        retry: { attempts: 3, backoff: "0s" },
      }),
    );
    const { advanceRun } = await import("#/agents/runner/advance.ts");
    for (let tries = 0; tries < 3; tries += 1)
      await advanceRun(
        flaky,
        { workspaceId: engine.tenant.workspaceId, runId },
        { messageId: randomUUID(), retried: 0 },
      );
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { only: "done" } });
    const lines = await engine.rows("agent_logs", runId);
    expect(
      lines
        .filter((row) => row["kind"] === "tool")
        .map((row) => String(row["status"]))
        .toSorted(),
    ).toEqual(["retrying", "retrying", "succeeded", "succeeded"]);
  });

  test("follows the error policy of a step", async () => {
    script = unavailable;
    const failing = { type: "llm", prompt: "hello", retry: { attempts: 1 } };
    const goesOn = await engine.start(single({ ...failing, onError: { continue: "fallback" } }));
    const detour = await engine.start({
      ...single({ ...failing, onError: { goto: "rescue" } }),
      steps: {
        only: { ...failing, onError: { goto: "rescue" } },
        rescue: set("{{ state.only.error.code }}"),
      },
      edges: [
        { from: "start", to: "only" },
        { from: "only", to: "end" },
        { from: "rescue", to: "end" },
      ],
    });
    await engine.settle();
    expect(await engine.run(goesOn)).toMatchObject({ status: "succeeded", output: { only: "fallback" } });
    expect(await engine.run(detour)).toMatchObject({
      status: "succeeded",
      output: { rescue: { value: "model-unavailable" } },
    });
  });

  test("fails a step, a condition or an output that takes too much work at once: it is not tried again, and not delivered again", async () => {
    const nested = ["a", "b", "c", "d", "e"].reduceRight(
      (inside, name) => `input.items.exists(${name}, ${inside})`,
      "a + b + c + d + e < 0",
    );
    const input = { items: Array.from({ length: 100 }, (_, index) => index) };
    const eager = { attempts: 5, if: "true" };
    const runs = [
      single({ type: "set", values: { found: `{{ ${nested} }}` }, retry: eager }),
      {
        ...single(set(1)),
        edges: [
          { from: "start", to: "only" },
          { from: "only", when: [{ if: nested, to: "end" }] },
        ],
      },
      single(set(1), { output: { found: `{{ ${nested} }}` } }),
    ];
    for (const definition of runs) {
      const runId = await engine.start(definition, input);
      await engine.settle();
      expect(await engine.run(runId)).toMatchObject({
        status: "failed",
        attempt: 0,
        error: { code: "too-much-work" },
      });
    }
    const rescued = await engine.start(
      single({ type: "set", values: { found: `{{ ${nested} }}` }, onError: { continue: "unknown" } }),
      input,
    );
    await engine.settle();
    expect(await engine.run(rescued)).toMatchObject({ status: "succeeded", output: { only: "unknown" } });
  });

  test("leaves a detour behind once the step that took it succeeds", async () => {
    let failures = 1;
    script = () => (failures-- > 0 ? unavailable() : "well");
    const runId = await engine.start({
      ...single({}),
      steps: {
        ask: { type: "llm", prompt: "hello", retry: { attempts: 1 }, onError: { goto: "mend" } },
        mend: set("mended"),
      },
      edges: [
        { from: "start", to: "ask" },
        { from: "ask", to: "end" },
        { from: "mend", to: "ask" },
      ],
    });
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      step: 3,
      output: { ask: "well", mend: { value: "mended" } },
    });
  });

  test("keeps what parallel branches finished when one of them must be retried, and joins once", async () => {
    let failures = 1;
    script = (prompt) => (prompt.includes("bad") && failures-- > 0 ? unavailable() : "fine");
    const runId = await engine.start({
      format: "cairn/v1",
      name: "diamond",
      kind: "graph",
      steps: {
        good: { type: "llm", prompt: "good" },
        bad: { type: "llm", prompt: "bad", retry: { attempts: 3, backoff: "0s" } },
        join: set("{{ state.good }} {{ state.bad }}"),
      },
      edges: [
        { from: "start", to: "good" },
        { from: "start", to: "bad" },
        { from: ["good", "bad"], to: "join" },
        { from: "join", to: "end" },
      ],
    });
    const before = engine.counts.modelCalls;
    await engine.settle();
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { join: { value: "fine fine" } },
    });
    expect(engine.counts.modelCalls - before).toBe(3);
    expect((await engine.rows("agent_logs", runId)).filter((row) => row["step"] === "join")).toHaveLength(1);
  });

  test("parks for a timer without a process, and is due when it is", async () => {
    const runId = await engine.start(single({ type: "wait", for: "1h" }));
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "waiting", waiting_on: "timer" });
    const wake = engine.queued.find((queued) => queued.runId === runId);
    expect(wake?.delayMs).toBeGreaterThan(3_590_000);
    engine.queued.length = 0;
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "waiting" });
    await engine.db
      .tenant(engine.tenant)
      .batch((query) => [
        query.updateTable("waits").set({ due_at: new Date() }).where("run_id", "=", runId),
        query.updateTable("agent_sessions").set({ due_at: new Date() }).where("id", "=", runId),
      ]);
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  });

  test("answers an approval by its time-out", async () => {
    const runId = await engine.start(
      single({
        type: "approval",
        title: "Go?",
        actions: ["approve", "later"],
        timeout: { after: "0s", then: "later" },
      }),
    );
    await engine.settle();
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { only: { action: "later", timedOut: true } },
    });
    expect((await engine.rows("approvals", runId))[0]).toMatchObject({ status: "expired" });
  });

  test("stops at once when it is cancelled: nothing is written after, and open approvals close", async () => {
    const runId = await engine.start(single({ type: "approval", title: "Go?" }));
    await engine.settle();
    expect(await storeCancel(engine.tenant, runId, "no longer needed")).toEqual({ kind: "done", owed: [] });
    expect(await decide(engine, runId, { action: "approve" })).toBeUndefined();
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({
      status: "cancelled",
      error: { message: "no longer needed" },
    });
    expect((await engine.rows("approvals", runId))[0]).toMatchObject({ status: "cancelled" });
    expect(await storeCancel(engine.tenant, runId, "again")).toMatchObject({ kind: "wrong-status" });
  });

  test("stores text that Postgres would refuse without losing the run", async () => {
    script = () => "before \u0000 after \ud800 end";
    const runId = await engine.start(single({ type: "llm", prompt: "hello" }));
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { only: "before  after \ufffd end" },
    });
  });

  test("keeps user data that looks like a serialized class as plain data", async () => {
    const runId = await engine.start(single(set("{{ input.payload }}")), {
      payload: { lc: 1, type: "constructor", id: ["x"], kwargs: {} },
    });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { only: { value: { lc: 1, type: "constructor" } } },
    });
  });
});

describe("a run of another workspace", () => {
  test("cannot be advanced by a message that names ours", async () => {
    const engine = await openEngine();
    const runId = await engine.start(sets(1));
    const { advanceRun } = await import("#/agents/runner/advance.ts");
    expect(
      await advanceRun(engine.runner, { workspaceId: randomUUID(), runId }, { messageId: "m", retried: 0 }),
    ).toEqual({ status: 200 });
    expect(await engine.run(runId)).toMatchObject({ status: "queued", epoch: "0" });
    await engine.close();
  });
});
