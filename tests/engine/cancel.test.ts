import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { advanceRun } from "#/agents/runner/advance.ts";
import { insertFork } from "#/db/forks.ts";
import { storeCancel, storePause } from "#/db/run-lifecycle.ts";
import { startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { eventually } from "#/tests/support/eventually.ts";

const definition = {
  format: "cairn/v1",
  name: "slow",
  kind: "graph",
  steps: { ask: { type: "llm", prompt: "tell a long story" }, after: { type: "set", values: { value: 1 } } },
  edges: [
    { from: "start", to: "ask" },
    { from: "ask", to: "after" },
    { from: "after", to: "end" },
  ],
};

/** A model that writes and writes, until somebody hangs up. */
async function startEndlessModel() {
  const seen = { open: 0, hungUp: 0, pieces: 0, ends: false };
  const piece = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const server = createServer((_request, response) => {
    seen.open += 1;
    response.writeHead(200, { "content-type": "text/event-stream" });
    const timer = setInterval(() => {
      if (seen.ends) response.end(`${piece({}, "stop")}data: [DONE]\n\n`);
      else {
        seen.pieces += 1;
        response.write(piece({ content: "and then " }));
      }
    }, 20);
    response.on("close", () => {
      clearInterval(timer);
      seen.open -= 1;
      if (!response.writableEnded) seen.hungUp += 1;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const provider = createOpenAICompatible({
    name: "endless",
    baseURL: `http://127.0.0.1:${port}`,
    apiKey: "none",
  });
  return { seen, model: provider.chatModel("m"), stop: () => server.close() };
}

let database: TestDatabase;
let endless: Awaited<ReturnType<typeof startEndlessModel>>;
let engine: TestEngine;
beforeAll(async () => {
  database = await startTestDatabase();
  endless = await startEndlessModel();
  engine = await openEngine({
    database,
    ports: {
      models: {
        language: () => endless.model,
        nameOf: () => "endless",
        priceOf: () => ({ input: 1e6, output: 1e6 }),
      },
    },
  });
});
afterAll(async () => {
  await engine.close();
  endless.stop();
});

const used = ({ usage }: Record<string, unknown>) => usage as Record<string, number>;

test("a cancel stops a model stream under way, and what it used until then is booked once, as an estimate", async () => {
  const runId = await engine.start(definition);
  const advancing = engine.deliver(runId);
  await eventually(() => (endless.seen.open === 1 && endless.seen.pieces > 4 ? true : undefined));
  await storeCancel(engine.tenant, runId, "enough");
  expect(await advancing).toEqual({ status: 200 });
  expect(endless.seen.hungUp).toBe(1);
  const run = await engine.run(runId);
  expect(run).toMatchObject({ status: "cancelled", state: {} });
  expect(used(run)["inputTokens"]).toBeGreaterThan(5);
  expect(used(run)["outputTokens"]).toBeGreaterThan(5);
  expect(used(run)["costUsd"]).toBeGreaterThan(10);
  const [line, ...others] = await engine.rows("agent_logs", runId);
  expect(others).toEqual([]);
  expect(line).toMatchObject({
    step: "ask",
    status: "cancelled",
    model: "endless (tokens estimated)",
    input_tokens: used(run)["inputTokens"],
    output_tokens: used(run)["outputTokens"],
    cost_usd: used(run)["costUsd"],
  });
  const [month] = await engine.owner(
    `select tokens::int from app.month_usage('${engine.tenant.workspaceId}', '${String(run["workflow_id"])}')`,
  );
  expect(month?.["tokens"]).toBe(Number(used(run)["inputTokens"]) + Number(used(run)["outputTokens"]));
});

/** What a holder of the first epoch says it has used. */
const line = {
  step: "ask",
  kind: "step",
  status: "cancelled",
  taskId: "t",
  superstep: 0,
  attempt: 1,
  startedAt: 1,
  durationMs: 1,
  model: "m",
  inputTokens: 3,
  outputTokens: 4,
  costUsd: 5,
} as const;

async function claimed() {
  const runId = await engine.start(definition);
  const ref = { workspaceId: engine.tenant.workspaceId, runId };
  const claim = await engine.store.claim(ref, { messageId: runId, retried: 0 }, 60_000);
  return { runId, ref, epoch: claim?.claimed ? claim.epoch : 0 };
}

test("what a cancelled run has used is booked by its last holder only, and once", async () => {
  const { runId, ref, epoch } = await claimed();
  await engine.store.bookCancelled(ref, epoch, [line]);
  expect(used(await engine.run(runId)), "a run that continues books its commits").toMatchObject({
    inputTokens: 0,
  });
  const next = await engine.store.claim(ref, { messageId: runId, retried: 1 }, 60_000);
  await storeCancel(engine.tenant, runId, "enough");
  await engine.store.bookCancelled(ref, epoch, [line]);
  expect(used(await engine.run(runId)), "of two holders the first has died").toMatchObject({
    inputTokens: 0,
  });
  const last = next?.claimed ? next.epoch : 0;
  await Promise.all([
    engine.store.bookCancelled(ref, last, [line]),
    engine.store.bookCancelled(ref, last, [line]),
  ]);
  expect(used(await engine.run(runId))).toMatchObject({ inputTokens: 3, outputTokens: 4, costUsd: 5 });
  expect(await engine.rows("agent_logs", runId)).toHaveLength(1);
});

test("what a cancelled child has used goes up to those that have started it", async () => {
  const [top, middle, child] = [await claimed(), await claimed(), await claimed()];
  await engine.owner(
    `update agent_sessions set parent_id = '${top.runId}', depth = 1 where id = '${middle.runId}'`,
  );
  await engine.owner(
    `update agent_sessions set parent_id = '${middle.runId}', depth = 2 where id = '${child.runId}'`,
  );
  await storeCancel(engine.tenant, middle.runId, "enough");
  await engine.store.bookCancelled(child.ref, child.epoch, [line]);
  for (const { runId } of [top, middle])
    expect(used(await engine.run(runId))["children"]).toEqual({
      inputTokens: 3,
      outputTokens: 4,
      costUsd: 5,
    });
});

test("an answer that came, but was not stored before the cancel, is booked as it was counted", async () => {
  const other = await openEngine({ database: await startTestDatabase() });
  const runId = await other.start(definition);
  const runner = {
    ...other.runner,
    store: {
      ...other.store,
      commit: async (...call: Parameters<typeof other.store.commit>) => {
        await storeCancel(other.tenant, runId, "enough");
        return other.store.commit(...call);
      },
    },
  };
  await advanceRun(runner, { workspaceId: other.tenant.workspaceId, runId }, { messageId: "1", retried: 0 });
  expect(used(await other.run(runId))).toMatchObject({ inputTokens: 10, outputTokens: 5 });
  expect(await other.rows("agent_logs", runId)).toMatchObject([
    { status: "cancelled", model: "scripted", output: null },
  ]);
  await other.close();
});

describe("an answer that is in the journal when its holder dies", () => {
  let lone: TestEngine;
  const held: { readonly holder: Promise<unknown>; readonly comeBack: () => void }[] = [];
  beforeAll(async () => {
    lone = await openEngine();
  });
  afterAll(async () => {
    for (const { comeBack } of held) comeBack();
    await Promise.allSettled(held.map(({ holder }) => holder));
    await lone.close();
  });

  /** Delivers a run to a holder that stands still as soon as its answer is kept. @returns it, and how it comes back */
  async function holdBack(runId: string) {
    const { promise: back, resolve: comeBack } = Promise.withResolvers<void>();
    const { promise: kept, resolve: isKept } = Promise.withResolvers<void>();
    const journal: typeof lone.store.journal = async (...entry) => {
      await lone.store.journal(...entry);
      isKept();
      await back;
    };
    const holder = advanceRun(
      { ...lone.runner, store: { ...lone.store, journal } },
      { workspaceId: lone.tenant.workspaceId, runId },
      { messageId: "1", retried: 0 },
    );
    held.push({ holder, comeBack });
    await kept;
    return { holder, comeBack };
  }

  const readBooked = async (runId: string) => ({
    usage: used(await lone.run(runId)),
    lines: (await lone.rows("agent_logs", runId)).map(({ step, status, model, input_tokens, reused }) =>
      [step, status, model, input_tokens, reused].join(" "),
    ),
  });
  const booked = {
    usage: { inputTokens: 10, outputTokens: 5, costUsd: 20e-6 },
    lines: ["ask cancelled scripted 10 false"],
  };

  test("is booked once by the cancel, and not again by a holder that comes back late", async () => {
    const runId = await lone.start(definition);
    const { holder, comeBack } = await holdBack(runId);
    await storeCancel(lone.tenant, runId, "enough");
    expect(await readBooked(runId)).toMatchObject(booked);
    comeBack();
    await holder;
    expect(await readBooked(runId)).toMatchObject(booked);
  });

  test("is saved, not paid again, by a run that is made from it, whether that ends or is cancelled", async () => {
    const origin = await lone.start(definition);
    await holdBack(origin);
    await storeCancel(lone.tenant, origin, "enough");
    const forks = { id: "", origin, superstep: null, fresh: true, state: {}, reuses: true };
    const trigger = { kind: "manual" as const };
    const [ended, cancelled] = [randomUUID(), randomUUID()];
    for (const id of [ended, cancelled]) await insertFork(lone.tenant, { ...forks, id, trigger });
    const before = lone.counts.modelCalls;
    await lone.deliver(ended);
    expect(used(await lone.run(ended))).toMatchObject({ inputTokens: 0, savedTokens: 15 });
    await holdBack(cancelled);
    await storeCancel(lone.tenant, cancelled, "enough");
    expect(await readBooked(cancelled)).toMatchObject({ usage: { inputTokens: 0 }, lines: [] });
    expect(lone.counts.modelCalls).toBe(before);
    expect(await readBooked(origin)).toMatchObject(booked);
  });

  test("is booked where its run fails because its holders die one after another", async () => {
    const runId = await lone.start(definition);
    await holdBack(runId);
    const ref = { workspaceId: lone.tenant.workspaceId, runId };
    for (let retried = 1; retried < 12; retried += 1)
      await lone.store.claim(ref, { messageId: "1", retried }, 60_000);
    await lone.deliver(runId, { messageId: "1", retried: 12 });
    expect(await lone.run(runId)).toMatchObject({ status: "failed" });
    expect(await readBooked(runId)).toMatchObject(booked);
  });

  test("goes up to those that have started its run", async () => {
    const [parent, child] = [await lone.start(definition), await lone.start(definition)];
    await lone.owner(`update agent_sessions set parent_id = '${parent}', depth = 1 where id = '${child}'`);
    await holdBack(child);
    await storeCancel(lone.tenant, parent, "enough");
    expect(await readBooked(child)).toMatchObject(booked);
    expect(used(await lone.run(parent))["children"]).toEqual(booked.usage);
  });
});

test("a pause does not: the step ends, is paid once, and the run stands", async () => {
  const runId = await engine.start(definition);
  const advancing = engine.deliver(runId);
  await eventually(() => (endless.seen.open === 1 ? true : undefined));
  await storePause(engine.tenant, runId);
  // Longer than it takes to notice a cancel.
  await new Promise((resolve) => void setTimeout(resolve, 2500));
  expect(endless.seen.open).toBe(1);
  endless.seen.ends = true;
  await advancing;
  expect(endless.seen.hungUp).toBe(1);
  expect(await engine.run(runId)).toMatchObject({ status: "paused", step: 1 });
});
