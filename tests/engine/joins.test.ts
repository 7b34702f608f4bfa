import { randomUUID } from "node:crypto";
import { APICallError } from "ai";
import {
  type Arbitrary,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  nat,
  oneof,
  record,
  subarray,
  tuple,
} from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forkPoint } from "#/agents/engine/fork-point.ts";
import { advanceRun } from "#/agents/runner/advance.ts";
import { insertFork } from "#/db/forks.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { edge, graph, set } from "#/tests/support/definitions.ts";

type Fields = Readonly<Record<string, unknown>>;
/** Counts how often it has run. */
const counts = (id: string): Fields => ({
  type: "set",
  values: { n: `{{ state.${id} == null ? 1 : state.${id}.n + 1 }}` },
});
const choice = (from: string, condition: string, to: string, otherwise = "end"): Fields => ({
  from,
  when: [{ if: condition, to }],
  else: otherwise,
});

let script: ScriptedModel = () => "ok";

const IDS = ["a", "b", "c", "d", "e"] as const;
/** A graph without loops, whose steps count, ask a person or fail and continue elsewhere; some of them are joined. */
const peopledGraphs = tuple(
  ...IDS.map((id, index) => {
    const later = constantFrom(...IDS.slice(index + 1), "end");
    const step = oneof<Arbitrary<Fields>[]>(
      constant(counts(id)),
      constant({ type: "approval", title: id }),
      later.map((goto) => ({ type: "set", values: { n: "{{ [1][5] }}" }, onError: { goto } })),
    );
    const from = constantFrom("start", ...IDS.slice(0, index));
    const way = from.chain((source) =>
      oneof<Arbitrary<Fields>[]>(
        constant(edge(source, id)),
        tuple(constantFrom("true", "false"), later).map(([condition, otherwise]) =>
          choice(source, condition, id, otherwise),
        ),
      ),
    );
    return record({ step, way });
  }),
)
  .chain((parts) =>
    record({ parts: constant(parts), members: subarray([...IDS], { minLength: 2 }), order: nat(7) }),
  )
  .map(({ parts, members, order }) => ({
    steps: { ...Object.fromEntries(IDS.map((id, index) => [id, parts[index]?.step])), done: counts("done") },
    edges: [...parts.map(({ way }) => way), edge(members, "done", "active"), edge("done", "end")],
    members: members as readonly string[],
    order,
  }));

describeOnPostgres("joins", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind, model: (prompt, call) => script(prompt, call) });
  });
  afterAll(() => engine.close());

  const takeDue = () => {
    const next = engine.queued.findIndex((wake) => !wake.delayMs);
    return next < 0 ? undefined : engine.queued.splice(next, 1)[0];
  };

  /** Every superstep in an invocation of its own, as after a crash. */
  const settleStepwise = async () => {
    const runner = { ...engine.runner, budget: { budgetMs: 0, limit: 1 } };
    for (let wake = takeDue(); wake; wake = takeDue())
      await advanceRun(runner, wake, { messageId: randomUUID(), retried: 0 });
  };
  const ways: readonly (readonly [string, () => Promise<void>])[] = [
    ["in one invocation", () => engine.settle()],
    ["handed over at every superstep", settleStepwise],
  ];

  const branches = { a: set(), b: set(), c: set(), c2: set(), send: counts("send") };
  const toBoth = [
    edge("start", "a"),
    edge("a", "b"),
    choice("a", "input.long", "c"),
    edge("c", "c2"),
    edge(["b", "c2"], "send", "active"),
    edge("send", "end"),
  ];
  const longInput = {
    input: { type: "object", properties: { long: { type: "boolean" } } },
    output: { sent: "{{ state.send.n }}" },
  };

  test.each(ways)(
    "active: a step behind branches of different length runs once, %s, also when one is not taken",
    async (_name, settle) => {
      for (const long of [true, false]) {
        const runId = await engine.start(graph(branches, toBoth, longInput), { long });
        await settle();
        expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { sent: 1 } });
      }
    },
  );

  test("each: it runs once for each arrival", async () => {
    const edges = toBoth.map((one) => (one["join"] === "active" ? edge(["b", "c2"], "send", "each") : one));
    const runId = await engine.start(graph(branches, edges, longInput), { long: true });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { sent: 2 } });
  });

  test.each(ways)(
    "active: agents, maps and steps that fail arrive when they are done, %s",
    async (_name, settle) => {
      script = (prompt) =>
        prompt.includes("tool-result") ? "done" : { tool: "calculator", input: { expression: "1 + 1" } };
      const steps = {
        agent: { type: "agent", role: "R", goal: "G", tools: ["calculator"] },
        each: { type: "map", items: [1, 2], do: set("{{ item }}") },
        wide: {
          type: "map",
          items: [1, 2],
          do: { steps: { x: set("{{ item }}") }, edges: [edge("start", "x"), edge("x", "end")] },
        },
        broken: { type: "code", source: "throw new Error('no')", onError: { goto: "mend" } },
        mend: set(),
        all: {
          type: "set",
          values: {
            n: "{{ state.all == null ? 1 : state.all.n + 1 }}",
            agent: "{{ state.agent }}",
            each: "{{ size(state.each) + size(state.wide) }}",
            mended: "{{ state.mend != null }}",
          },
        },
      };
      const edges = [
        ...["agent", "each", "wide", "broken"].map((id) => edge("start", id)),
        edge(["agent", "each", "wide", "broken", "mend"], "all", "active"),
        edge("all", "end"),
      ];
      const runId = await engine.start(graph(steps, edges, { output: { all: "{{ state.all }}" } }));
      await settle();
      expect(await engine.run(runId)).toMatchObject({
        status: "succeeded",
        output: { all: { n: 1, agent: "done", each: 4, mended: true } },
      });
    },
  );

  test.each(ways)(
    "active: a person in one branch is waited for, wherever that branch leads, %s",
    async (_name, settle) => {
      const steps = {
        ask: { type: "approval", title: "Go?" },
        yes: set(),
        quick: set(),
        done: counts("done"),
      };
      const edges = [
        edge("start", "ask"),
        edge("start", "quick"),
        choice("ask", "state.ask.action == 'approve'", "yes"),
        edge(["yes", "quick"], "done", "active"),
        edge("done", "end"),
      ];
      for (const action of ["approve", "reject"]) {
        const runId = await engine.start(graph(steps, edges, { output: { done: "{{ state.done.n }}" } }));
        await settle();
        expect(await engine.run(runId)).toMatchObject({ status: "waiting" });
        expect((await engine.rows("agent_logs", runId)).map((row) => row["step"])).not.toContain("done");
        await engine.decide(runId, { action });
        await settle();
        expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { done: 1 } });
      }
    },
  );

  test("active: a branch that is tried again later is waited for", async () => {
    let failures = 1;
    script = () =>
      failures-- > 0
        ? new APICallError({
            message: "no",
            url: "http://m",
            requestBodyValues: {},
            statusCode: 503,
            isRetryable: true,
          })
        : "at last";
    const steps = {
      llm: { type: "llm", prompt: "x", retry: { attempts: 3, backoff: "1h" } },
      quick: set(),
      done: counts("done"),
    };
    const runId = await engine.start(
      graph(
        steps,
        [
          edge("start", "llm"),
          edge("start", "quick"),
          edge(["llm", "quick"], "done", "active"),
          edge("done", "end"),
        ],
        { output: { done: "{{ state.done.n }}", said: "{{ state.llm }}" } },
      ),
    );
    await engine.settle();
    expect((await engine.rows("agent_logs", runId)).map((row) => row["step"])).not.toContain("done");
    await engine.owner(`update waits set due_at = now() where run_id = '${runId}'`);
    await engine.owner(`update agent_sessions set due_at = now() where id = '${runId}'`);
    engine.queued.length = 0;
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { done: 1, said: "at last" },
    });
  });

  test("active: in any graph without loops it runs once, after all that were taken, in whatever order people answer", async () => {
    let waited = 0;
    await assert(
      asyncProperty(peopledGraphs, async ({ steps, edges, members, order }) => {
        const runId = await engine.start(graph(steps, edges, { output: { done: "{{ state.done }}" } }));
        await engine.settle();
        for (let answers = 0; answers < 20; answers += 1) {
          const open = await engine.openApprovals(runId);
          if (open.length === 0) break;
          waited += 1;
          await engine.decide(runId, { action: "approve", approvalId: open[order % open.length]?.["id"] });
          await engine.settle();
        }
        const lines = (await engine.rows("agent_logs", runId))
          .filter((row) => row["status"] === "succeeded")
          .map((row) => ({ step: String(row["step"]), superstep: Number(row["superstep"]) }));
        const arrived = lines.filter(({ step }) => members.includes(step));
        const done = lines.filter(({ step }) => step === "done");
        expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
        expect(done).toHaveLength(arrived.length > 0 ? 1 : 0);
        for (const { superstep } of arrived) expect(superstep).toBeLessThan(done[0]?.superstep ?? 0);
      }),
      { numRuns: 25 },
    );
    expect(waited).toBeGreaterThan(0);
  });

  test("active: a fork from inside a branch joins once", async () => {
    const runId = await engine.start(graph(branches, toBoth, longInput), { long: true });
    await engine.settle();
    for (const step of ["b", "c", "c2", "send"]) {
      const lines = (await engine.rows("agent_logs", runId)).map((row) => ({
        step: String(row["step"]),
        superstep: Number(row["superstep"]),
        status: String(row["status"]),
      }));
      const superstep = forkPoint(lines, step, { span: "one" }) ?? null;
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
      expect(await engine.run(forked.runId)).toMatchObject({ status: "succeeded", output: { sent: 1 } });
    }
  });

  test.each(ways)("all: what an error has led away has not arrived, %s", async (_name, settle) => {
    const steps = {
      a: { type: "code", source: "if (!state.mend) throw new Error('no')", onError: { goto: "mend" } },
      b: set(),
      mend: counts("mend"),
      both: {
        type: "set",
        values: { n: "{{ state.both == null ? 1 : state.both.n + 1 }}", mended: "{{ state.mend != null }}" },
      },
    };
    const runId = await engine.start(
      graph(
        steps,
        [
          edge("start", "a"),
          edge("start", "b"),
          edge("mend", "a"),
          edge(["a", "b"], "both"),
          edge("both", "end"),
        ],
        { output: { both: "{{ state.both }}" } },
      ),
    );
    await settle();
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { both: { n: 1, mended: true } },
    });
  });

  test.each(ways)(
    "all: one that is complete together with another edge to its step runs it once, %s",
    async (_name, settle) => {
      const steps = { a: set(), b: set(), d: set(), c: counts("c"), after: set(), last: set() };
      const edges = [
        edge("start", "a"),
        edge("start", "b"),
        edge("start", "d"),
        edge(["a", "b"], "c"),
        edge("d", "c"),
        edge("c", "after"),
        edge("after", "last"),
        edge("last", "end"),
      ];
      const runId = await engine.start(graph(steps, edges, { output: { c: "{{ state.c.n }}" } }));
      await settle();
      expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { c: 1 } });
    },
  );
});
