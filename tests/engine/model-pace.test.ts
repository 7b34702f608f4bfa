import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agent as member, chain, crew, set, task } from "#/tests/support/definitions.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { publishable } from "#/tests/support/publish.ts";

let engine: TestEngine;
let asked: string[] = [];
beforeAll(async () => {
  engine = await openEngine({
    poolSize: 10,
    model: (prompt) => {
      const speaker = /You are ([A-Za-z]+)\./.exec(prompt)?.[1] ?? "Planner";
      asked.push(speaker);
      return `${speaker} says 42`;
    },
  });
});
afterAll(() => engine.close());

interface Ask {
  readonly key: string;
  readonly paces: readonly { readonly name: string; readonly perMinute: number }[];
}

async function takeTurn(runId: string, ask: Ask, atMs: number): Promise<number> {
  const [row] = await engine.db.call("select app.take_model_turn($1, $2, $3::jsonb, $4) as wait_ms", [
    engine.tenant.workspaceId,
    runId,
    JSON.stringify(ask),
    new Date(atMs).toISOString(),
  ]);
  return Number(row?.["wait_ms"]);
}

/** No minute, wherever it begins, has more of them than `most`. */
const fitsIn = (made: readonly number[], most: number): boolean => {
  const sorted = made.toSorted((a, b) => a - b);
  return sorted.every((at, place) => {
    const after = sorted[place + most];
    return after === undefined || after - at >= 60_000;
  });
};

const Case = fc.record({
  perMinute: fc.integer({ min: 1, max: 4 }),
  ofAgent: fc.integer({ min: 1, max: 4 }),
  requests: fc.array(
    fc.record({
      agent: fc.constantFrom("a", "b"),
      beginsMs: fc.integer({ min: 0, max: 150_000 }),
      /** How much later than promised it comes, each time: wake-ups are late. */
      lateMs: fc.integer({ min: 0, max: 20_000 }),
    }),
    { minLength: 1, maxLength: 14 },
  ),
});

test("whenever requests come, and however late, no minute sees more than the crew's and the agent's pace allow; each is made at last", async () => {
  const seed = Number(process.env["FC_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  console.info(`seed ${seed}`);
  const property = fc.asyncProperty(Case, async ({ perMinute, ofAgent, requests }) => {
    const runId = await engine.start(chain({ a: set() }));
    const base = Date.now();
    const due = requests.map(({ beginsMs }, place) => ({ place, atMs: beginsMs }));
    const made: { agent: string; atMs: number }[] = [];
    for (let rounds = 0; due.length > 0; rounds += 1) {
      expect(rounds).toBeLessThan(requests.length * 50);
      due.sort((one, other) => one.atMs - other.atMs);
      const next = due.shift();
      const request = next && requests[next.place];
      if (!request) break;
      const { agent, lateMs } = request;
      const paces = [
        { name: "crew", perMinute },
        { name: agent, perMinute: ofAgent },
      ];
      const waitMs = await takeTurn(runId, { key: `k${next.place}`, paces }, base + next.atMs);
      if (waitMs === 0) made.push({ agent, atMs: next.atMs });
      else due.push({ ...next, atMs: next.atMs + waitMs + lateMs });
    }
    const times = (of: readonly { atMs: number }[]) => of.map(({ atMs }) => atMs);
    expect(made).toHaveLength(requests.length);
    expect(fitsIn(times(made), perMinute)).toBe(true);
    for (const agent of ["a", "b"])
      expect(fitsIn(times(made.filter((one) => one.agent === agent)), ofAgent)).toBe(true);
  });
  await fc.assert(property, { seed, numRuns: Number(process.env["FC_RUNS"] ?? 40) });
});

test("of many who ask at the same moment, from different processes, as many are let through as the pace allows", async () => {
  const runId = await engine.start(chain({ a: set() }));
  const paces = [{ name: "crew", perMinute: 3 }];
  const waits = await Promise.all(
    Array.from({ length: 10 }, (_, place) => takeTurn(runId, { key: `k${place}`, paces }, 1_800_000_000_000)),
  );
  expect(waits.toSorted((a, b) => a - b)).toEqual([
    0, 0, 0, 60_000, 60_000, 60_000, 120_000, 120_000, 120_000, 180_000,
  ]);
});

test("a request that is repeated after a crash takes another turn: the one before may have been sent", async () => {
  const runId = await engine.start(chain({ a: set() }));
  const ask = { key: "k", paces: [{ name: "crew", perMinute: 1 }] };
  expect(await takeTurn(runId, ask, 1_800_000_000_000)).toBe(0);
  expect(await takeTurn(runId, ask, 1_800_000_010_000)).toBe(50_000);
});

const paced = (rest: object, ofWriter: Readonly<Record<string, unknown>> = {}) =>
  publishable(
    crew({
      agents: { writer: member("Writer", ofWriter), reader: member("Reader") },
      tasks: [
        task("one", { agent: "writer", async: true }),
        task("two", { agent: "reader", async: true }),
        task("three", { agent: "writer" }),
      ],
      ...rest,
    }),
  );

/** Lets a minute pass for a run that waits. */
async function passMinute(runId: string): Promise<void> {
  await engine.owner("update model_turns set at = at - interval '1 minute'");
  await engine.owner(`update waits set due_at = now() where run_id = '${runId}' and status = 'open'`);
  await engine.owner(`update agent_sessions set due_at = now() where id = '${runId}'`);
  const [run] = await engine.owner(`select wakes from agent_sessions where id = '${runId}'`);
  engine.queued.push({
    workspaceId: engine.tenant.workspaceId,
    runId,
    wakes: Number(run?.["wakes"]),
    priority: "normal",
  });
  await engine.settle();
}

test("a crew's request beyond its pace parks: the run waits for a timer, the log says why, and nothing is asked twice", async () => {
  asked = [];
  const runId = await engine.begin(paced({ maxRpm: 1 }));
  expect(asked).toHaveLength(1);
  expect(await engine.run(runId)).toMatchObject({ status: "waiting", waiting_on: "timer" });
  const lines = await engine.rows("agent_logs", runId);
  const waiting = lines.filter(({ status }) => status === "waiting");
  expect(waiting.map(({ input }) => input)).toEqual([
    { paces: [{ name: "crew", perMinute: 1 }], dueInMs: expect.any(Number) },
  ]);
  await passMinute(runId);
  expect(asked).toHaveLength(2);
  await passMinute(runId);
  expect(asked.toSorted()).toEqual(["Reader", "Writer", "Writer"]);
  expect(await engine.run(runId)).toMatchObject({
    status: "succeeded",
    output: { result: "Writer says 42" },
  });
  const models = (await engine.rows("agent_logs", runId)).filter(({ status }) => status === "succeeded");
  expect(models.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
});

test("an agent's pace holds up nobody else", async () => {
  asked = [];
  const runId = await engine.begin(paced({}, { maxRpm: 1 }));
  expect(asked.toSorted()).toEqual(["Reader", "Writer"]);
  await passMinute(runId);
  expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
});
