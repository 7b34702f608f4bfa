import { afterAll, beforeAll, expect, test } from "vitest";
import { insertFork } from "#/db/forks.ts";
import { advanceRun } from "#/agents/runner/advance.ts";
import { newId } from "#/lib/id.ts";
import { describeOnEachEngine } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { graph } from "#/tests/support/definitions.ts";

const KILOBYTE = "é".repeat(500);
const collecting = (turns: number) =>
  graph(
    { note: { type: "set", save: "notes", values: { text: KILOBYTE, at: "{{ size(state.notes) }}" } } },
    [
      { from: "start", to: "note" },
      { from: "note", when: [{ if: `size(state.notes) < ${turns}`, to: "note" }], else: "end" },
    ],
    { state: { notes: { reduce: "append", default: [] } } },
  );
const talking = graph(
  { chat: { type: "agent", role: "Clerk", goal: "Add up", tools: ["calculator"], maxIterations: 50 } },
  [
    { from: "start", to: "chat" },
    { from: "chat", to: "end" },
  ],
);
const notes = (count: number) => Array.from({ length: count }, (_, at) => ({ text: KILOBYTE, at }));

describeOnEachEngine("what a run stores", (kind) => {
  let engine: TestEngine;
  let callsLeft = 0;
  beforeAll(async () => {
    const expression = `1 + ${"1".repeat(400)}`;
    engine = await openEngine({
      engine: kind,
      model: () => ((callsLeft -= 1) < 0 ? "done" : { tool: "calculator", input: { expression } }),
    });
  });
  afterAll(() => engine.close());

  async function bytesEach(definition: unknown): Promise<number> {
    const run = await engine.start(definition);
    await engine.settle();
    const row = await engine.run(run);
    expect(row["status"]).toBe("succeeded");
    return Number(row["checkpoint_bytes"]) / Number(row["step"]);
  }

  test("grows with the length of a loop that appends, and not with its square", async () => {
    const [short, long] = [await bytesEach(collecting(15)), await bytesEach(collecting(60))];
    expect(long / short).toBeLessThan(1.1);
  });

  test("grows with the turns of an agent, and not with their square", async () => {
    callsLeft = 8;
    const short = await bytesEach(talking);
    callsLeft = 40;
    const long = await bytesEach(talking);
    expect(long / short).toBeLessThan(1.1);
  });

  test("is put together again at every claim, also when each superstep has an invocation of its own", async () => {
    const frugal = { ...engine.runner, budget: { budgetMs: 0, limit: 1 } };
    const run = await engine.start(collecting(12));
    for (let wake = engine.queued.shift(); wake; wake = engine.queued.shift())
      await advanceRun(frugal, wake, { messageId: newId(), retried: 0 });
    expect(await engine.run(run)).toMatchObject({
      status: "succeeded",
      step: 12,
      state: { notes: notes(12) },
    });
    const blobs = (await engine.rows("checkpoint_blobs", run)).filter(
      (row) => row["channel"] === "state.notes",
    );
    expect(blobs.filter((row) => row["base"] !== null)).toHaveLength(11);
  });

  test("is whole in a fork from the middle, which continues by itself", async () => {
    const run = await engine.start(collecting(10));
    await engine.settle();
    const forked = await insertFork(engine.tenant, {
      id: newId(),
      origin: run,
      superstep: 6,
      fresh: false,
      state: {},
      reuses: false,
      trigger: { kind: "manual" },
    });
    if (!("runId" in forked)) throw new Error(forked.refused);
    expect(await engine.run(forked.runId)).toMatchObject({ state: { notes: notes(6) } });
    await engine.deliver(forked.runId);
    expect(await engine.run(forked.runId)).toMatchObject({
      status: "succeeded",
      step: 10,
      state: { notes: notes(10) },
    });
  });

  test("leaves an agent its turn when a call does not fit the tool", async () => {
    let calls = 0;
    const other = await openEngine({
      engine: kind,
      model: (prompt) =>
        (calls += 1) === 1
          ? { tool: "calculator", input: { sum: 1 } }
          : prompt.includes("does not fit")
            ? "I was told"
            : "I was not told",
    });
    const run = await other.start(talking);
    await other.settle();
    expect(await other.run(run)).toMatchObject({ status: "succeeded", output: { chat: "I was told" } });
    await other.close();
  });
});
