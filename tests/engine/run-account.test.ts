import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceRun, type Runner } from "#/agents/runner/advance.ts";
import type { LiveChunk } from "#/agents/steps/step-ports.ts";
import { getRun } from "#/db/runs.ts";
import { chain } from "#/tests/support/definitions.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";

/** Asks for about 112 tokens and uses 15. */
const ask = () => ({ type: "llm", prompt: "hello", maxOutputTokens: 100, retry: { attempts: 1 } });
const items = (count: number) => {
  const steps = { call: ask() };
  return {
    type: "map",
    items: Array(count).fill(0),
    parallel: count,
    do: { steps, edges: chain(steps).edges },
  };
};

let engine: TestEngine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

const accountOf = async (runId: string) => (await getRun(engine.tenant, runId))?.account;
const deliverTo = (runner: Runner, runId: string) =>
  advanceRun(runner, { workspaceId: engine.tenant.workspaceId, runId }, { messageId: runId, retried: 0 });

test("a run's account is that of all it has started, and says what a call of a child sets aside before that child has ended", async () => {
  const runId = await engine.start(
    chain({ own: ask(), all: items(2) }, { limits: { maxTokens: 1000, maxCostUsd: 1 } }),
  );
  await engine.deliver(runId);
  const [first, second] = await engine.owner(
    `select id from agent_sessions where parent_id = '${runId}' order by child_index`,
  );
  let during: Awaited<ReturnType<typeof accountOf>>;
  const watching: Runner = {
    ...engine.runner,
    store: {
      ...engine.store,
      reserve: async (...asked) => {
        const answer = await engine.store.reserve(...asked);
        during = await accountOf(runId);
        return answer;
      },
    },
  };
  await deliverTo(watching, String(first?.["id"]));
  expect(during).toMatchObject({
    spent: { tokens: 15 },
    aside: { tokens: expect.any(Number) as number },
    limits: { maxTokens: 1000, maxCostUsd: 1 },
  });
  expect(during?.aside.tokens).toBeGreaterThan(100);
  expect(during?.aside.costUsd).toBeGreaterThan(0);
  expect(await accountOf(runId)).toMatchObject({ spent: { tokens: 30 }, aside: { tokens: 0, costUsd: 0 } });
  await deliverTo(engine.runner, String(second?.["id"]));
  engine.queued.length = 0;
  await engine.deliver(runId);
  expect(await accountOf(runId)).toMatchObject({ spent: { tokens: 45 }, aside: { tokens: 0, costUsd: 0 } });
});

test.each([{}, { maxTokens: 1000 }])(
  "a run whose budget is its own says live what its call sets aside, without asking the database (limits %j)",
  async (limits) => {
    const shown: LiveChunk[] = [];
    const runner = {
      ...engine.runner,
      live: {
        ...engine.runner.live,
        show: (_ref: unknown, _epoch: number, chunk: LiveChunk) => void shown.push(chunk),
      },
    };
    const runId = await engine.start(chain({ only: ask() }, { limits }));
    engine.queued.length = 0;
    const { reserves } = engine.counts;
    await deliverTo(runner, runId);
    expect(engine.counts.reserves).toBe(reserves);
    expect(shown.map(({ type }) => type)).toEqual(["started", "aside", "delta", "committed"]);
    expect(shown.find(({ type }) => type === "aside")).toMatchObject({ step: "only", tokens: 117 });
    expect(await accountOf(runId)).toMatchObject({ spent: { tokens: 15 }, limits });
  },
);
