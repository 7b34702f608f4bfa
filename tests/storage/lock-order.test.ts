import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliverEvents } from "#/db/engine.ts";
import { insertEvent } from "#/db/events.ts";
import { storeCancel, storePause, storeResume } from "#/db/run-lifecycle.ts";
import { postgresUnavailable } from "#/tests/support/database.ts";
import { chain, edge, graph, inARow, set } from "#/tests/support/definitions.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { publish } from "#/tests/support/publish.ts";
import { seededRandom } from "#/tests/support/random.ts";
import { pick } from "#/tests/support/simulation/luck.ts";

/** How long the family is disturbed: LOCK_SECONDS=60 looks longer. */
const SECONDS = Number(process.env["LOCK_SECONDS"] ?? 6);
const AT_ONCE = 16;

const event = { type: "wait", event: { key: "go" } };
const leaf = chain({ wait: event, tail: set() }, { name: "leaf" });
const middle = chain(
  {
    each: {
      type: "map",
      items: [1, 2, 3],
      parallel: 2,
      do: {
        steps: { first: event, call: { type: "workflow", workflow: "leaf" } },
        edges: inARow("first", "call"),
      },
    },
  },
  { name: "middle" },
);
/** Four generations that wait for the same event, with a map that a failed item ends. */
const root = graph(
  {
    each: {
      type: "map",
      items: [1, 2, 3, 4],
      parallel: 3,
      do: {
        steps: { call: { type: "workflow", workflow: "middle" }, then: event },
        edges: inARow("call", "then"),
      },
    },
    wait: event,
    tail: set(),
  },
  [edge("start", "each"), edge("start", "wait"), edge(["each", "wait"], "tail"), edge("tail", "end")],
  { name: "root" },
);

describe.skipIf(postgresUnavailable !== undefined)("a family of runs", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ poolSize: AT_ONCE, budgetMs: 0 });
    for (const definition of [leaf, middle]) {
      const { workflowId } = await publish(engine.tenant, definition);
      await engine.tenant.batch((query) => [
        query.updateTable("workflows").set({ name: definition.name }).where("id", "=", workflowId),
      ]);
    }
  });
  afterAll(() => engine.close());

  const underWay = async () => {
    const [rows] = await engine.tenant.batch((query) => [
      query.selectFrom("agent_sessions").select("id").where("finished_at", "is", null),
    ]);
    return rows.map(({ id }) => id);
  };
  /** The server counts them a moment later. */
  const deadlocks = async () => {
    await sleep(1000);
    return Number(
      (await engine.owner("select deadlocks from pg_stat_database where datname = current_database()"))[0]?.[
        "deadlocks"
      ],
    );
  };

  /** What one of many does to a run of the family; the whole family would stand still but for the last. */
  const acts = (
    random: () => number,
  ): readonly [(runId: string) => Promise<unknown>, ...((runId: string) => Promise<unknown>)[]] => [
    (runId) => engine.deliver(runId),
    (runId) => engine.deliver(runId),
    (runId) => engine.deliver(runId),
    (runId) => storePause(engine.tenant, runId),
    (runId) => storeResume(engine.tenant, runId),
    async (runId) => random() < 0.05 && storeCancel(engine.tenant, runId, "disturbed"),
    async () => {
      await insertEvent(engine.tenant, { id: randomUUID(), key: "go", payload: 1, source: {} });
      await deliverEvents(engine.db, engine.tenant.workspaceId, ["go"]);
    },
    async () => Promise.all((await underWay()).map((id) => storeResume(engine.tenant, id))),
  ];

  test(
    "is locked in one order: whatever is done to its runs at the same moment, no two wait for each other",
    async () => {
      const random = seededRandom(Date.now());
      const all = acts(random);
      const until = Date.now() + SECONDS * 1000;
      const disturb = async () => {
        while (Date.now() < until) {
          const runs = await underWay();
          const [first, ...others] = runs;
          if (first === undefined) await engine.start(root);
          else await pick(random, all)(pick(random, [first, ...others]));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, disturb));
      expect(await deadlocks()).toBe(0);
    },
    SECONDS * 1000 + 60_000,
  );

  test("is locked so that a foreign key can still look its runs up, by every function", async () => {
    const strict = await engine.owner(
      "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'app' and p.prosrc ~ '\\mfor update\\M'",
    );
    expect(strict, "write FOR NO KEY UPDATE").toEqual([]);
  });

  test("can be paused while a commit that parks one of its runs has that run in hand", async () => {
    const before = await deadlocks();
    const runId = await engine.start(root);
    await engine.deliver(runId);
    const [[started]] = await engine.tenant.batch((query) => [
      query.selectFrom("agent_sessions").select("id").where("parent_id", "=", runId).limit(1),
    ]);
    const child = started?.id;
    if (child === undefined) throw new Error("The run has started nothing.");
    let paused: Promise<unknown> | undefined;
    await engine.tenant.transaction(async (commit) => {
      const touch = () =>
        commit.updateTable("agent_sessions").set({ due_at: new Date() }).where("id", "=", child).execute();
      await touch();
      paused ??= storePause(engine.tenant, runId);
      await sleep(200);
      // The row has been written in this transaction: PostgreSQL looks its parent up again.
      await touch();
    });
    await paused;
    expect(await engine.run(child)).toMatchObject({ status: "paused" });
    expect(await deadlocks()).toBe(before);
  });
});
