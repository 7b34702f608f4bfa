import { createServer } from "node:http";
import { once } from "node:events";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { afterAll, beforeAll, expect, test } from "vitest";
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
  const seen = { open: 0, hungUp: 0, ends: false };
  const piece = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const server = createServer((_request, response) => {
    seen.open += 1;
    response.writeHead(200, { "content-type": "text/event-stream" });
    const timer = setInterval(() => {
      if (seen.ends) response.end(`${piece({}, "stop")}data: [DONE]\n\n`);
      else response.write(piece({ content: "and then " }));
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
        priceOf: () => ({ input: 0, output: 0 }),
      },
    },
  });
});
afterAll(async () => {
  await engine.close();
  endless.stop();
});

test("a cancel stops a model stream under way", async () => {
  const runId = await engine.start(definition);
  const advancing = engine.deliver(runId);
  await eventually(() => (endless.seen.open === 1 ? true : undefined));
  await storeCancel(engine.tenant, runId, "enough");
  expect(await advancing).toEqual({ status: 200 });
  expect(endless.seen.hungUp).toBe(1);
  expect(await engine.run(runId)).toMatchObject({ status: "cancelled" });
  expect(await engine.rows("agent_logs", runId)).toEqual([]);
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
