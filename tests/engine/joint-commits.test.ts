import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { settle } from "#/agents/engine/settle.ts";
import { advanceRun } from "#/agents/runner/advance.ts";
import type { Committed, SuperstepChange } from "#/agents/runner/runner-ports.ts";
import type { Database } from "#/db/client.ts";
import { runStore } from "#/db/engine.ts";
import { describeOnEachEngine } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";

const set = (value: unknown) => ({ type: "set", values: { [`v${String(value)}`]: value } });
const THREE_STEPS = {
  format: "cairn/v1",
  name: "three",
  kind: "graph",
  steps: { a: set(1), b: set(2), c: set(3) },
  edges: [
    { from: "start", to: "a" },
    { from: "a", to: "b" },
    { from: "b", to: "c" },
    { from: "c", to: "end" },
  ],
};

function checkpointRow(id: string | null): unknown {
  return {
    checkpoint_ns: "",
    checkpoint_id: id,
    parent_checkpoint_id: null,
    checkpoint: { v: 4, id, ts: "", channel_versions: {}, versions_seen: {} },
    metadata: { source: "loop", step: 0, parents: {} },
    small: {},
  };
}

/** A superstep after which the run continues. */
function goingOn({
  id = "1",
  blob,
}: { readonly id?: string | null; readonly blob?: string } = {}): SuperstepChange {
  const progress = { elapsedMs: 0, supersteps: 1, attempt: 0, step: 0, maxSteps: 100 };
  const blobs =
    blob === undefined
      ? []
      : [{ checkpoint_ns: "", channel: "state.a", version: "1", type: "json", value: blob }];
  return {
    settlement: settle({ kind: "progressed" }, progress, { budgetMs: 1_000, limit: 10 }),
    rows: { checkpoints: [checkpointRow(id)] as SuperstepChange["rows"]["checkpoints"], blobs, writes: [] },
    state: undefined,
    logs: [
      {
        step: "a",
        kind: "step",
        status: "succeeded",
        taskId: "t",
        superstep: 0,
        attempt: 1,
        startedAt: 0,
        durationMs: 1,
        inputTokens: 3,
        outputTokens: 2,
        costUsd: 0.5,
      },
    ],
    consumed: [],
    leaseMs: 60_000,
    parentId: null,
  };
}

describeOnEachEngine("supersteps that are stored together", (kind) => {
  let engine: TestEngine;
  /** How many runs each transaction held. */
  const groups: number[] = [];
  let store: TestEngine["store"];

  beforeAll(async () => {
    engine = await openEngine({ engine: kind });
    const counting: Database = {
      ...engine.db,
      call: (statement, parameters) => {
        if (statement.includes("commit_progress"))
          groups.push((JSON.parse(String(parameters[1])) as unknown[]).length);
        return engine.db.call(statement, parameters);
      },
    };
    store = runStore(counting);
  });
  afterAll(() => engine.close());

  async function heldRuns(
    count: number,
  ): Promise<readonly { readonly runId: string; readonly epoch: number }[]> {
    groups.length = 0;
    const runs = [];
    for (let index = 0; index < count; index += 1) {
      const runId = await engine.start(THREE_STEPS);
      const claim = await store.claim(
        { workspaceId: engine.tenant.workspaceId, runId },
        { messageId: randomUUID(), retried: 0 },
        60_000,
      );
      if (!claim?.claimed) throw new Error("The run could not be claimed.");
      runs.push({ runId, epoch: claim.epoch });
    }
    return runs;
  }

  type Held = Awaited<ReturnType<typeof heldRuns>>[number];
  const commit = ({ runId, epoch }: Held, change = goingOn()): Promise<Committed> =>
    store.commit({ workspaceId: engine.tenant.workspaceId, runId }, epoch, change);

  test("share transactions, and each leaves behind what it would have alone", async () => {
    const runs = await heldRuns(8);
    await Promise.all(runs.map((run) => commit(run, goingOn({ blob: JSON.stringify("x".repeat(100)) }))));
    expect(groups).toEqual([1, 1, 6]);
    for (const { runId } of runs) {
      expect(await engine.run(runId)).toMatchObject({
        status: "running",
        step: 1,
        log_seq: "1",
        checkpoint_rows: "2",
        usage: { inputTokens: 3, outputTokens: 2, costUsd: 0.5 },
      });
      expect(await engine.rows("agent_logs", runId)).toMatchObject([
        { seq: "1", step: "a", input_tokens: 3 },
      ]);
      expect(await engine.rows("checkpoints", runId)).toMatchObject([{ checkpoint_id: "1" }]);
      expect(await engine.rows("checkpoint_blobs", runId)).toMatchObject([
        { value: JSON.stringify("x".repeat(100)) },
      ]);
    }
  });

  test("wait for nobody while a process has one run in hand", async () => {
    const runs = await heldRuns(1);
    expect(await Promise.all(runs.map((run) => commit(run)))).toEqual([
      { committed: true, status: "running", logSeq: 1 },
    ]);
    expect(groups).toEqual([1]);
  });

  const listSteps = (runs: readonly Held[]) =>
    Promise.all(runs.map(async ({ runId }) => (await engine.run(runId))["step"]));

  test("are refused one by one: a newer holder's run is left alone, the others are stored", async () => {
    const runs = await heldRuns(5);
    const answers = await Promise.all(
      runs.map(({ runId, epoch }, index) => commit({ runId, epoch: index === 3 ? epoch - 1 : epoch })),
    );
    expect(groups).toEqual([1, 1, 3]);
    expect(answers.map(({ committed }) => committed)).toEqual([true, true, true, false, true]);
    expect(await listSteps(runs)).toEqual([1, 1, 1, 0, 1]);
  });

  test("are stored without the one that the database refuses", async () => {
    const runs = await heldRuns(5);
    const answers = await Promise.allSettled(
      runs.map((run, index) => commit(run, goingOn({ id: index === 3 ? null : "1" }))),
    );
    expect(groups).toEqual([1, 1, 3]);
    expect(answers.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await listSteps(runs)).toEqual([1, 1, 1, 0, 1]);
  });

  test.skipIf(kind === "pglite")("are not held up by a run that somebody else looks after", async () => {
    const runs = await heldRuns(5);
    const [, , locked] = runs;
    if (!locked) throw new Error("no runs");
    const other = new Client({ connectionString: engine.ownerUrl });
    await other.connect();
    await other.query("begin");
    await other.query("select from agent_sessions where id = $1 for update", [locked.runId]);
    const commits = runs.map((run) => ({ run, stored: commit(run) }));
    await Promise.all(commits.filter(({ run }) => run !== locked).map(({ stored }) => stored));
    expect(await engine.run(locked.runId)).toMatchObject({ step: 0 });
    await other.query("commit");
    await other.end();
    expect(await Promise.all(commits.map(({ stored }) => stored))).toEqual(
      runs.map(() => ({ committed: true, status: "running", logSeq: 1 })),
    );
  });

  test("are few enough for a statement when they are large", async () => {
    const runs = await heldRuns(6);
    await Promise.all(runs.map((run) => commit(run, goingOn({ blob: JSON.stringify("y".repeat(200_000)) }))));
    expect(groups).toEqual([1, 1, 2, 2]);
  });

  test("a pause that is asked for meanwhile holds its run alone", async () => {
    const runs = await heldRuns(4);
    await engine.owner(`update agent_sessions set pausing = true where id = '${runs[2]?.runId ?? ""}'`);
    const answers = await Promise.all(runs.map((run) => commit(run)));
    expect(groups).toEqual([1, 1, 2]);
    expect(answers).toMatchObject(
      ["running", "running", "paused", "running"].map((status) => ({ committed: true, status })),
    );
  });

  test("whole runs side by side end as they would one after the other", async () => {
    groups.length = 0;
    const runs = await Promise.all(Array.from({ length: 12 }, () => engine.start(THREE_STEPS)));
    await Promise.all(
      runs.map((runId) =>
        advanceRun(
          { ...engine.runner, store },
          { workspaceId: engine.tenant.workspaceId, runId },
          { messageId: randomUUID(), retried: 0 },
        ),
      ),
    );
    for (const runId of runs) {
      expect(await engine.run(runId)).toMatchObject({
        status: "succeeded",
        step: 3,
        state: { a: { v1: 1 }, b: { v2: 2 }, c: { v3: 3 } },
      });
      expect((await engine.rows("agent_logs", runId)).length).toBe(3);
    }
    expect(groups.length).toBeLessThan(groups.reduce((sum, size) => sum + size, 0));
  });
});
