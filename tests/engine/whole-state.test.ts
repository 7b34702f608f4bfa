import { randomUUID } from "node:crypto";
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  type Arbitrary,
  dictionary,
  integer,
  jsonValue,
  oneof,
  record,
  string,
} from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import { parseStateKey } from "#/agents/steps/node.ts";
import { advanceRun } from "#/agents/runner/advance.ts";
import { checkpointStore } from "#/db/checkpoints.ts";
import { insertFork, type NewFork } from "#/db/forks.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { echo } from "#/tests/support/definitions.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import {
  CHANNELS,
  type ScriptedSuperstep,
  scriptedProgram,
  statesInMemory,
} from "#/tests/support/scripted-graph.ts";

/** Around every limit: of what lies in the row of a checkpoint, of what is worth a tail, of characters that are two of JavaScript's. */
const text = oneof(
  string({ maxLength: 12 }),
  constantFrom(
    "😀".repeat(32),
    "é".repeat(62),
    "x".repeat(62),
    "x".repeat(63),
    "y".repeat(254),
    "z".repeat(400),
  ),
);
const value: Arbitrary<unknown> = oneof(
  { weight: 4, arbitrary: text },
  // As it comes back from JSON, which has one zero.
  {
    weight: 2,
    arbitrary: jsonValue({ maxDepth: 2 }).map((given) => JSON.parse(JSON.stringify(given)) as unknown),
  },
  array(text, { maxLength: 4 }),
  dictionary(constantFrom("a", "b", "c", "d"), text),
  constantFrom(null, []),
);
const update = record(
  {
    list: value,
    map: dictionary(string({ maxLength: 6 }), value, { maxKeys: 2 }),
    value,
    talk: oneof(value, constantFrom(null)),
  },
  { requiredKeys: [] },
);
const failures = record({ left: constantFrom(0, 0, 0, 1, 2), right: constantFrom(0, 0, 0, 1) });
const script: Arbitrary<readonly ScriptedSuperstep[]> = array(
  record({ left: update, right: update, failures }),
  { minLength: 1, maxLength: 14 },
);
/** How many supersteps each invocation takes in turn, and from where runs are made from runs. */
const boundaries = array(integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });
const forks = array(integer({ min: 0, max: 1000 }), { maxLength: 3 });

const publicPart = (state: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(state).flatMap(([name, found]) =>
      parseStateKey(name) === undefined ? [] : [[name, found]],
    ),
  );
const LOST_STATE = parse(readFileSync("tests/fixtures/definitions/lost-state.yaml", "utf8")) as unknown;

describeOnPostgres("the state of a run", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind });
  });
  afterAll(() => engine.close());

  /** Delivers a run again and again, with invocations of so many supersteps, until it has ended. */
  async function play(
    runId: string,
    supersteps: readonly ScriptedSuperstep[],
    limits: readonly number[],
  ): Promise<void> {
    const program = scriptedProgram(supersteps);
    for (let delivery = 0; delivery < 200; delivery += 1) {
      const budget = { budgetMs: 60_000, limit: limits[delivery % limits.length] ?? 1 };
      await advanceRun(
        { ...engine.runner, budget, loadProgram: () => program },
        { workspaceId: engine.tenant.workspaceId, runId },
        { messageId: randomUUID(), retried: 0 },
      );
      engine.queued.length = 0;
      const [[run]] = await engine.tenant.batch((query) => [
        query.selectFrom("agent_sessions").select("finished_at").where("id", "=", runId),
      ]);
      if (run?.finished_at) return;
    }
  }

  /** By superstep: the values that the stored checkpoints say; a channel that nothing was written to has none. */
  async function stored(runId: string): Promise<ReadonlyMap<number, object>> {
    const rows = await checkpointStore(engine.tenant).find({ threadId: runId });
    return new Map(
      rows.map(({ metadata, blobs }) => [
        metadata.step,
        Object.fromEntries(
          blobs.flatMap(({ channel, value: found }) =>
            parseStateKey(channel) === undefined ? [] : [[channel, JSON.parse(found ?? "")]],
          ),
        ),
      ]),
    );
  }

  async function fork(origin: string, how: Partial<NewFork>): Promise<string> {
    const forked = await insertFork(engine.tenant, {
      id: randomUUID(),
      origin,
      superstep: null,
      fresh: false,
      state: {},
      reuses: false,
      trigger: { kind: "manual" },
      ...how,
    });
    return "runId" in forked ? forked.runId : forked.refused;
  }

  test("is at every superstep what LangGraph has in memory, whatever is written, wherever invocations end, whatever is retried or forked", async () => {
    await assert(
      asyncProperty(script, boundaries, forks, async (supersteps, limits, places) => {
        const expected = (await statesInMemory(supersteps)).map(publicPart);
        let runId = await engine.start(echo, { topic: "" });
        let from = 0;
        for (const place of [undefined, ...places]) {
          if (place !== undefined) {
            from += place % (supersteps.length - from);
            runId = await fork(runId, { superstep: from });
          }
          await play(runId, supersteps, limits);
          const found = await stored(runId);
          for (let step = from; step <= supersteps.length; step += 1)
            expect({ ...expected[0], ...found.get(step) }).toEqual(expected[step]);
          expect(await engine.run(runId)).toMatchObject({ status: "succeeded", step: supersteps.length });
        }
      }),
      { numRuns: kind === "postgres" ? 60 : 15 },
    );
  });

  test("is whole after a wait, however little it grows by", async () => {
    const runId = await engine.start(LOST_STATE);
    await engine.deliver(runId);
    await engine.owner(
      `update waits set due_at = now() where run_id = '${runId}'; update agent_sessions set due_at = now() where id = '${runId}'`,
    );
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { n: 20 } });
  });

  test.each(["first", "middle", "last"])(
    "that is not all there fails the run and says so: without its %s row",
    async (which) => {
      const supersteps = Array.from({ length: 6 }, (_, at) => ({
        left: { list: ["x".repeat(300), at] },
        right: {},
        failures: { left: 0, right: 0 },
      }));
      const runId = await engine.start(echo, { topic: "" });
      const program = scriptedProgram(supersteps);
      await advanceRun(
        { ...engine.runner, budget: { budgetMs: 60_000, limit: 4 }, loadProgram: () => program },
        { workspaceId: engine.tenant.workspaceId, runId },
        { messageId: "1", retried: 0 },
      );
      const versions = (await engine.rows("checkpoint_blobs", runId))
        .filter((row) => row["channel"] === "state.list")
        .map((row) => String(row["version"]))
        .toSorted();
      const gone = which === "first" ? versions[0] : which === "last" ? versions.at(-1) : versions[2];
      await engine.owner(
        `delete from checkpoint_blobs where thread_id = '${runId}' and channel = 'state.list' and version = '${gone}'`,
      );
      expect(await fork(runId, {})).toBe("incomplete");
      await play(runId, supersteps, [1]);
      expect(await engine.run(runId)).toMatchObject({
        status: "failed",
        error: { code: "state-incomplete", message: expect.stringContaining("state.list") },
      });
      expect(await fork(runId, {})).toBe("incomplete");
      // Before the row that is gone all is well.
      expect((await fork(runId, { superstep: 1 })) === "incomplete").toBe(which === "first");
    },
  );

  test("that has lost its checkpoint fails the run, also at its first superstep: it does not begin anew", async () => {
    const approval = {
      ...echo,
      input: undefined,
      steps: { ask: { type: "approval", title: "Go?" } },
      edges: [
        { from: "start", to: "ask" },
        { from: "ask", to: "end" },
      ],
      output: {},
    };
    const runId = await engine.start(approval);
    await engine.deliver(runId);
    const forked = await fork(runId, { superstep: 0 });
    for (const id of [runId, forked]) {
      await engine.owner(
        `delete from checkpoints where thread_id = '${id}'; update agent_sessions set due_at = now() where id = '${id}'`,
      );
      await engine.deliver(id);
      expect(await engine.run(id)).toMatchObject({ status: "failed", error: { code: "state-incomplete" } });
      expect(await fork(id, {})).toBe("no-checkpoint");
    }
  });

  test("is read by a fork also where an earlier version has stored what jsonb refuses", async () => {
    const supersteps = [
      { left: { value: "y".repeat(100) }, right: {}, failures: { left: 0, right: 0 } },
      { left: {}, right: {}, failures: { left: 0, right: 0 } },
    ];
    const runId = await engine.start(echo, { topic: "" });
    await play(runId, supersteps, [9]);
    await engine.owner(
      String.raw`update checkpoint_blobs set value = '"a\u0000\ud800b\\u0000' || repeat('y', 83) || '"' where thread_id = '${runId}' and channel = 'state.value'; update checkpoints set small = small || '{"state.value": null}' where thread_id = '${runId}'`,
    );
    const forked = await fork(runId, { superstep: 1 });
    expect(await engine.run(forked)).toMatchObject({
      state: { value: String.raw`ab\u0000` + "y".repeat(83) },
    });
  });
});

test("covers the channels that a plan has", () =>
  expect(Object.keys(CHANNELS)).toEqual(["list", "map", "value", "talk"]));
