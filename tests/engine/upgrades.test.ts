import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storeDecision } from "#/db/decisions.ts";
import { deliverEvents } from "#/db/engine.ts";
import { insertEvent } from "#/db/events.ts";
import { startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { recordRun, restoreRun, type StoredRun, storedRuns } from "#/tests/support/stored-runs.ts";
import { chain, inARow, set } from "#/tests/support/definitions.ts";

/**
 * Runs in the middle of their work, as a version of Cairn has stored them. Every later version takes them up where they stand, or this test
 * says which kind of run it would break. RECORD_RUNS=0.2 writes the ones below down under that name, once; existing files are never rewritten.
 */
const RECORD = process.env["RECORD_RUNS"];

interface Recording {
  readonly definition: unknown;
  /** Deliveries before it is written down. */
  readonly deliveries: number;
  readonly output: unknown;
}

const RECORDINGS: Readonly<Record<string, Recording>> = {
  chain: {
    definition: chain(
      { a: set(1), b: set("{{ state.a.value + 1 }}"), c: set("{{ state.b.value + 1 }}") },
      { output: { c: "{{ state.c.value }}" } },
    ),
    deliveries: 2,
    output: { c: 3 },
  },
  approval: {
    definition: {
      ...chain({
        left: { type: "approval", title: "Left?" },
        right: { type: "llm", prompt: "right" },
        join: set("{{ state.left.action }} {{ state.right }}"),
      }),
      edges: [
        { from: "start", to: "left" },
        { from: "start", to: "right" },
        { from: ["left", "right"], to: "join" },
        { from: "join", to: "end" },
      ],
      output: { join: "{{ state.join.value }}" },
    },
    deliveries: 1,
    output: { join: "approve said right" },
  },
  agent: {
    definition: chain({ ask: { type: "agent", role: "Clerk", goal: "use tools", tools: ["calculator"] } }),
    deliveries: 1,
    output: { ask: "said after tools" },
  },
  "agent-tools-done": {
    definition: chain({ ask: { type: "agent", role: "Clerk", goal: "use tools", tools: ["calculator"] } }),
    deliveries: 2,
    output: { ask: "said after tools" },
  },
  "map-narrow": {
    definition: chain({
      each: { type: "map", items: [1, 2], do: { type: "llm", prompt: "item {{ item }}" } },
    }),
    deliveries: 1,
    output: { each: ["said item 1", "said item 2"] },
  },
  "map-wide": {
    definition: chain({
      each: {
        type: "map",
        items: [1, 2, 3],
        parallel: 2,
        do: {
          steps: { plus: set("{{ item + 1 }}") },
          edges: inARow("plus"),
          output: "{{ state.plus.value }}",
        },
      },
    }),
    deliveries: 2,
    output: { each: [2, 3, 4] },
  },
  loop: {
    definition: {
      ...chain({ count: set("{{ state.count == null ? 1 : state.count.value + 1 }}") }),
      edges: [
        { from: "start", to: "count" },
        { from: "count", when: [{ if: "true", to: "count", max: 4 }], else: "end" },
      ],
      output: { count: "{{ state.count.value }}" },
    },
    deliveries: 4,
    output: { count: 5 },
  },
  event: {
    definition: chain({ hold: { type: "wait", event: { key: "stored" } } }),
    deliveries: 1,
    output: { hold: { event: "came" } },
  },
  detour: {
    definition: {
      ...chain({
        ask: { type: "llm", prompt: "fails", retry: { attempts: 1 }, onError: { goto: "mend" } },
        mend: set("mended"),
      }),
      edges: [
        { from: "start", to: "ask" },
        { from: "ask", to: "end" },
        { from: "mend", to: "end" },
      ],
      output: { mend: "{{ state.mend.value }}" },
    },
    deliveries: 1,
    output: { mend: "mended" },
  },
};

function answer(prompt: string) {
  if (prompt.includes("fails")) return new Error("no");
  const asked = /"text":"((?:right|item \d)[^"]*)"/.exec(prompt)?.[1];
  if (asked !== undefined) return `said ${asked}`;
  return prompt.includes("tool-result")
    ? "said after tools"
    : { tool: "calculator", input: { expression: "1 + 1" } };
}

let database: TestDatabase;
let engine: TestEngine;
beforeAll(async () => {
  database = await startTestDatabase();
  engine = await openEngine({ database, model: answer, budgetMs: 0 });
});
afterAll(() => engine.close());

/** Answers whatever the run asks, until nothing moves. */
async function goOn(runId: string): Promise<void> {
  await engine.tenant.batch((query) => [
    query
      .updateTable("agent_sessions")
      .set({ due_at: new Date() })
      .where("status", "in", ["queued", "running", "retrying"])
      .where("due_at", "<", new Date("9999-01-01")),
  ]);
  for (let round = 0; round < 20; round += 1) {
    await engine.sweep();
    await engine.settle();
    const [open] = await engine.rows("approvals", runId);
    if (open?.["status"] === "open")
      await storeDecision(engine.tenant, runId, {
        approvalId: String(open["id"]),
        action: "approve",
        by: { kind: "person" },
      });
    const [events] = await engine.tenant.batch((query) => [
      query.selectFrom("waits").select("key").where("kind", "=", "event").where("status", "=", "open"),
    ]);
    for (const { key } of events) {
      await insertEvent(engine.tenant, {
        id: crypto.randomUUID(),
        key: key ?? "",
        payload: "came",
        source: {},
      });
      engine.queued.push(...(await deliverEvents(engine.db, engine.tenant.workspaceId, [key ?? ""])));
    }
    if ((await engine.run(runId))["finished_at"] !== null) return;
  }
}

describe.runIf(RECORD)("recording", () => {
  test.each(Object.entries(RECORDINGS))("%s", async (name, { definition, deliveries, output }) => {
    const runId = await engine.start(definition);
    for (let delivery = 0; delivery < deliveries; delivery += 1) {
      const next = engine.queued.shift();
      if (next) await engine.deliver(next.runId);
    }
    engine.queued.length = 0;
    await recordRun(database.ownerUrl, { name: `${RECORD}-${name}`, runId, output });
    await goOn(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output });
  });
});

describe.skipIf(RECORD)("a run that was stored in the middle of its work", () => {
  test.each(storedRuns().map((run): [string, StoredRun] => [run.name, run]))(
    "continues: %s",
    async (_name, run) => {
      await restoreRun(database.ownerUrl, engine.tenant.workspaceId, run);
      const before = engine.counts.modelCalls;
      const paid = (run.rows["journal"] ?? []).length;
      await goOn(run.runId);
      expect(await engine.run(run.runId)).toMatchObject({ status: "succeeded", output: run.output });
      const journaled = await engine.rows("journal", run.runId);
      expect(engine.counts.modelCalls - before).toBeLessThanOrEqual(Math.max(0, journaled.length - paid));
    },
  );
});

describe.skipIf(RECORD)("a run that this version cannot take up", () => {
  test("fails and says so when its next step is none of this version's", async () => {
    const runId = await engine.start(RECORDINGS["chain"]?.definition);
    await engine.deliver(runId);
    const renamed = (column: string) =>
      `${column} = replace(${column}::text, 'branch:to:b', 'branch:to:gone')::jsonb`;
    await engine.owner(
      `update checkpoints set ${renamed("checkpoint")}, ${renamed("small")} where thread_id = '${runId}'`,
    );
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("“gone”") },
    });
  });

  test("fails and says so when its checkpoint is of another form", async () => {
    const runId = await engine.start(RECORDINGS["chain"]?.definition);
    await engine.deliver(runId);
    await engine.tenant.batch((query) => [
      query
        .updateTable("checkpoints")
        .set({ checkpoint: JSON.stringify({ v: "next" }) })
        .where("thread_id", "=", runId),
    ]);
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "failed", error: { code: "unreadable" } });
  });
});
