import { readFileSync } from "node:fs";
import { Client } from "@upstash/qstash";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { routePaths } from "#/tests/support/app-server.ts";
import { echo } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  api = await openApi({ knowledge: true });
  caller = await api.workspace();
});
afterAll(() => api.stop());

/** Doors that are not part of the public API: the queue, the identity provider, the way back from an MCP server's sign-in, the description itself. */
const PRIVATE = new Set([
  "/api/queue/run",
  "/api/queue/tick",
  "/api/queue/ensure",
  "/api/clerk",
  "/api/mcp-sign-in",
  "/api/openapi.json",
  "/api/[...rest]",
  "/api/method-not-allowed",
]);

describe("the OpenAPI document", () => {
  test("describes every route file, and nothing else", async () => {
    const { body } = await call(`${api.url}/api/openapi.json`, "GET");
    const described = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const onDisk = routePaths()
      .filter((route) => !PRIVATE.has(route))
      .flatMap((route) =>
        listMethods(route).map((method) => `${method} ${route.replaceAll(/\[(\w+)\]/g, "{$1}")}`),
      );
    expect(described.toSorted()).toEqual(onDisk.toSorted());
  });

  test("says who may call what, what goes in and what comes out", async () => {
    const { body } = await call(`${api.url}/api/openapi.json`, "GET");
    expect(body.openapi).toBe("3.1.0");
    const start = body.paths["/api/v1/workflows/{id}/runs"].post;
    expect(start.operationId).toBe("startRun");
    expect(start.security).toEqual([{ apiKey: [] }, { session: [] }]);
    expect(
      start.parameters.map((it: { name: string; in: string; required: boolean }) => [
        it.name,
        it.in,
        it.required,
      ]),
    ).toEqual([
      ["id", "path", true],
      ["wait", "query", false],
      ["Idempotency-Key", "header", false],
    ]);
    expect(start.responses["200"].content["application/json"].schema.properties.status.enum).toContain(
      "succeeded",
    );
    expect(body.paths["/api/v1/documents"].post.requestBody.content).toHaveProperty("multipart/form-data");
    const names = Object.values<Record<string, { operationId: string }>>(body.paths).flatMap((methods) =>
      Object.values(methods).map((it) => it.operationId),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("has path parameters for every placeholder", async () => {
    const { body } = await call(`${api.url}/api/openapi.json`, "GET");
    type Methods = Record<string, { parameters?: { name: string; in: string }[] }>;
    const wrong = Object.entries<Methods>(body.paths).filter(([path, methods]) => {
      const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const described = Object.values(methods).map(({ parameters = [] }) =>
        parameters.filter((it) => it.in === "path").map((it) => it.name),
      );
      return described.some((names) => names.join() !== placeholders.join());
    });
    expect(wrong).toEqual([]);
  });

  function listMethods(route: string): string[] {
    const source = readFileSync(`app${route}/route.ts`, "utf8");
    return [...source.matchAll(/^export (?:const|async function) (GET|POST|PUT|PATCH|DELETE)\b/gm)].flatMap(
      (match) => match[1] ?? [],
    );
  }
});

describe("health", () => {
  test("is good while database and KV answer", async () => {
    expect(await call(`${api.url}/api/health`, "GET")).toMatchObject({
      status: 200,
      body: { ok: true, checks: { database: { ok: true }, kv: { ok: true } } },
    });
  });
});

describe("metrics", () => {
  test("are for who knows the token", async () => {
    expect((await call(`${api.url}/api/metrics`, "GET")).status).toBe(401);
    expect(
      (await call(`${api.url}/api/metrics`, "GET", { headers: { authorization: "Bearer guess" } })).status,
    ).toBe(401);
  });

  test("count what was observed and show what is going on", async () => {
    const { metrics } = await import("#/lib/observe/metrics.ts");
    metrics().observeStep({
      kind: "model",
      status: "succeeded",
      durationMs: 120,
      model: 'odd"name',
      inputTokens: 10,
      outputTokens: 5,
      costUsd: 0.25,
    });
    metrics().observeStep({ kind: "model", status: "failed", durationMs: 70_000 });
    metrics().observeRunEnd("succeeded", 42);
    await metrics().flush();
    const { status, body, headers } = await call(`${api.url}/api/metrics`, "GET", {
      headers: { authorization: "Bearer metrics" },
    });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("version=0.0.4");
    for (const line of [
      "# TYPE cairn_step_duration_seconds histogram",
      'cairn_step_duration_seconds_bucket{kind="model",le="0.1"} 0',
      'cairn_step_duration_seconds_bucket{kind="model",le="0.25"} 1',
      'cairn_step_duration_seconds_bucket{kind="model",le="60"} 1',
      'cairn_step_duration_seconds_bucket{kind="model",le="+Inf"} 2',
      'cairn_step_duration_seconds_count{kind="model"} 2',
      'cairn_steps_total{kind="model",status="failed"} 1',
      'cairn_model_tokens_total{model="odd\\"name",direction="input"} 10',
      'cairn_model_cost_usd_total{model="odd\\"name"} 0.25',
      'cairn_runs_ended_total{status="succeeded"} 1',
      'cairn_run_duration_seconds_bucket{le="60"} 1',
      'cairn_runs{status="waiting"} 0',
      "cairn_owed_wakeups 0",
      "cairn_queue_lag_seconds 0",
      "# TYPE cairn_database_bytes gauge",
    ]) {
      expect(body.split("\n")).toContain(line);
    }
  });
});

test("a finished run is counted, with how long its steps took", async () => {
  const { workflowId } = await publish(caller.tenant, echo);
  await caller.call("POST", `/api/v1/workflows/${workflowId}/runs?wait=20`, {
    body: { input: { topic: "x" } },
  });
  const counted = await eventually(async () => {
    const { body } = await call(`${api.url}/api/metrics`, "GET", {
      headers: { authorization: "Bearer metrics" },
    });
    return /cairn_steps_total\{kind="step",status="succeeded"\} [2-9]/.test(body) &&
      /cairn_step_duration_seconds_count\{kind="step"\} [2-9]/.test(body)
      ? true
      : undefined;
  });
  expect(counted).toBe(true);
});

/** These take a crowd, or a read replica. */
const NEED_MORE = new Set(["cairn_pool_waits_total", "cairn_reads_total"]);

test("every metric has a value once the product has done of everything", async () => {
  const { workflowId } = await publish(caller.tenant, echo);
  await caller.call("POST", `/api/v1/workflows/${workflowId}/runs?wait=20`, {
    body: { input: { topic: "x" } },
  });
  const { ensureServices } = await import("#/operations/execution/ensure-services.ts");
  await ensureServices();
  expect((await caller.call("POST", "/api/v1/search", { body: { query: "anything" } })).status).toBe(200);
  const { metrics } = await import("#/lib/observe/metrics.ts");
  metrics().observeStep({
    kind: "model",
    status: "succeeded",
    durationMs: 1,
    model: "m",
    inputTokens: 1,
    costUsd: 1,
  });
  const { tick } = await import("#/operations/execution/tick.ts");
  await tick();
  const { FAMILIES } = await import("#/lib/observe/prometheus.ts");
  const missing = await eventually(async () => {
    const { body } = await call(`${api.url}/api/metrics`, "GET", {
      headers: { authorization: "Bearer metrics" },
    });
    const names = new Set(
      body.split("\n").map((line: string) => line.split(/[{ ]/, 1)[0]?.replace(/_(bucket|sum|count)$/, "")),
    );
    const none = Object.keys(FAMILIES).filter((family) => !names.has(family) && !NEED_MORE.has(family));
    return none.length === 0 ? none : undefined;
  });
  expect(missing).toEqual([]);
});

describe("the queue's door", () => {
  test("refuses what the queue did not sign, whatever it says", async () => {
    const body = JSON.stringify({ workspaceId: caller.workspaceId, runId: crypto.randomUUID() });
    for (const headers of [{}, { "upstash-signature": "nonsense" }]) {
      for (const path of ["/api/queue/run", "/api/queue/tick"])
        expect((await call(api.url + path, "POST", { body, headers: { ...headers } })).status).toBe(401);
    }
  });

  test("acknowledges a signed message that nobody understands, so that it does not come again", async () => {
    const queue = new Client({ baseUrl: process.env["QSTASH_URL"] ?? "", token: "queue" });
    const poison = [
      { body: "not json" },
      { body: JSON.stringify({ runId: "1" }) },
      { body: JSON.stringify({ workspaceId: crypto.randomUUID(), runId: crypto.randomUUID() }) },
    ];
    for (const message of poison) {
      const { messageId } = await queue.publish({ url: `${api.url}/api/queue/run`, retries: 3, ...message });
      const delivered = await eventually(async () =>
        (await queue.logs({ filter: { messageId } })).logs.find(
          (it) => it.state === "DELIVERED" || it.state === "RETRY" || it.state === "FAILED",
        ),
      );
      expect(delivered.state).toBe("DELIVERED");
    }
  });

  test("does not take a message that was signed for another address", async () => {
    const queue = new Client({ baseUrl: process.env["QSTASH_URL"] ?? "", token: "queue" });
    const { messageId } = await queue.publish({
      url: `${api.url}/api/queue/tick?x=1`,
      retries: 0,
      body: "{}",
    });
    const answered = await eventually(async () =>
      (await queue.logs({ filter: { messageId } })).logs.find(
        (it) => it.state === "DELIVERED" || it.state === "FAILED",
      ),
    );
    expect(answered.state).toBe("FAILED");
  });

  test("sets up what the services need when the platform asks, and only then", async () => {
    expect((await call(`${api.url}/api/queue/ensure`, "GET")).status).toBe(401);
    const headers = { authorization: "Bearer cron" };
    expect((await call(`${api.url}/api/queue/ensure`, "GET", { headers })).status).toBe(204);
    expect((await call(`${api.url}/api/queue/ensure`, "GET", { headers })).status).toBe(204);
    const queue = new Client({ baseUrl: process.env["QSTASH_URL"] ?? "", token: "queue" });
    expect(await queue.schedules.list()).toMatchObject([{ destination: `${api.url}/api/queue/tick` }]);
  });
});

describe("what nobody expected", () => {
  test("answers 500 with an id and without the reason", async () => {
    const { workflowId } = await publish(caller.tenant, echo);
    const { readRows } = await import("#/tests/support/owner.ts");
    const { body: hook } = await caller.call("POST", "/api/v1/webhooks", {
      body: { workflowId, name: "Broken" },
    });
    await readRows(api.ownerUrl, "update webhooks set secret_sealed = 'v1.AAAA' where id = $1", [hook.id]);
    const answer = await caller.call("POST", `/api/v1/webhooks/${hook.id}/reveal`);
    expect(answer).toMatchObject({
      status: 500,
      body: { code: "internal", instance: expect.stringMatching(/^urn:uuid:/) },
    });
    expect(JSON.stringify(answer.body)).not.toContain("SECRETS_KEY");
  });
});
