import { createServer, type IncomingHttpHeaders } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { guardedFetch } from "#/lib/http/guarded-fetch.ts";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";

// The http step and tool, the guarded fetch and a server on the other side.
type Seen = { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer };
type Reply = { readonly headers?: Record<string, string>; readonly body: Buffer | string };

let seen: Seen[] = [];
let reply: () => Reply;
let engine: TestEngine;
let origin: string;
let script: ScriptedModel = () => "done";

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    seen.push({ url: request.url ?? "", headers: request.headers, body: Buffer.concat(parts) });
    const { headers = {}, body } = reply();
    response.writeHead(200, headers).end(body);
  });
});

beforeAll(async () => {
  const port = await listenOnLoopback(server, 0);
  origin = `http://127.0.0.1:${port}`;
  engine = await openEngine({
    ports: { fetch: guardedFetch({ allowHosts: [`127.0.0.1:${port}`] }) },
    model: (prompt, call) => script(prompt, call),
  });
});
beforeEach(() => {
  seen = [];
  reply = () => ({ body: "ok" });
});
afterAll(async () => {
  await engine.close();
  await closeServer(server);
});

async function outcome(step: object, input: Record<string, unknown> = {}) {
  const edges = [
    { from: "start", to: "call" },
    { from: "call", to: "end" },
  ];
  const runId = await engine.start(
    {
      format: "cairn/v1",
      name: "Http",
      kind: "graph",
      steps: { call: { type: "http", url: `${origin}/`, ...step } },
      edges,
      output: { call: "{{ state.call }}" },
    },
    input,
  );
  await engine.settle();
  const run = await engine.run(runId);
  return {
    run,
    value: (run["output"] as { call: Record<string, unknown> } | null)?.call,
    effects: await engine.rows("side_effects", runId),
  };
}

describe("what is sent", () => {
  test("repeats lists in the query, written or computed, and leaves nulls out", async () => {
    await outcome(
      { query: { tag: ["a b", "c"], id: "{{ input.ids }}", page: 2, none: "{{ input.none }}" } },
      { ids: [1, 2], none: null },
    );
    // The database keeps the keys of a definition in an order of its own.
    expect([...new URL(seen[0]?.url ?? "", origin).searchParams]).toEqual([
      ["id", "1"],
      ["id", "2"],
      ["tag", "a b"],
      ["tag", "c"],
      ["page", "2"],
    ]);
  });

  test("is a form where the content type says so", async () => {
    await outcome(
      {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: { a: "{{ input.a }}", b: [1, 2] },
      },
      { a: "x&y" },
    );
    expect(seen[0]?.body.toString()).toBe("a=x%26y&b=1&b=2");
  });

  test("is a multipart form with its files", async () => {
    const file = {
      contentType: "image/png",
      base64: Buffer.from([1, 2, 255]).toString("base64"),
      name: "p.png",
    };
    await outcome(
      {
        method: "POST",
        headers: { "content-type": "multipart/form-data" },
        body: { note: "hi", file: "{{ input.file }}" },
      },
      { file },
    );
    const form = await new Response(Buffer.from(seen[0]?.body ?? []), {
      headers: { "content-type": String(seen[0]?.headers["content-type"]) },
    }).formData();
    expect(form.get("note")).toBe("hi");
    expect([...new Uint8Array(await (form.get("file") as File).arrayBuffer())]).toEqual([1, 2, 255]);
  });
});

describe("what comes back", () => {
  test.each([
    [
      "in Latin-1, as its header says",
      { "content-type": "text/plain; charset=iso-8859-1" },
      Buffer.from("é", "latin1"),
      "é",
    ],
    ["with a byte order mark", { "content-type": "text/plain" }, Buffer.from("\uFEFFé"), "é"],
    [
      "packed though nobody asked",
      { "content-type": "text/plain", "content-encoding": "gzip" },
      gzipSync("packed"),
      "packed",
    ],
    [
      "with numbers that no number holds",
      { "content-type": "application/json" },
      '{"id":9007199254740993}',
      { id: "9007199254740993" },
    ],
  ])("%s is read as it was meant", async (_what, headers, body, value) => {
    reply = () => ({ headers, body });
    expect((await outcome({})).value).toMatchObject({ status: 200, body: value });
  });

  test("binary stays binary", async () => {
    const bytes = Buffer.from([137, 80, 78, 71, 0, 255]);
    reply = () => ({ headers: { "content-type": "image/png" }, body: bytes });
    expect((await outcome({})).value).toMatchObject({
      body: { contentType: "image/png", bytes: 6, base64: bytes.toString("base64") },
    });
  });

  test("is refused when it is more than was bargained for, or taken as sent if it was a write", async () => {
    reply = () => ({ headers: { "content-type": "text/plain" }, body: "é".repeat(2_000_000) });
    expect((await outcome({ retry: { attempts: 3, backoff: "0s" } })).run).toMatchObject({
      status: "failed",
      error: { code: "http-too-large" },
    });
    expect(seen).toHaveLength(1);
    const { run, value, effects } = await outcome({ method: "POST", body: "x" });
    expect(run).toMatchObject({ status: "succeeded" });
    expect(value).toMatchObject({ truncated: true, body: expect.stringMatching(/^é+$/) });
    expect(effects).toMatchObject([{ state: "sent" }]);
  });
});

describe("a request that cannot be sent", () => {
  test.each([
    ["a header with a line break", { headers: { "x-note": "a\nb" } }],
    ["a header whose name is no name", { headers: { "bad name": "x" } }],
    ["an address that is none", { url: "not an address" }],
    ["another scheme", { url: "ftp://example.com/" }],
  ])("because of %s is a failed step, and no write in doubt", async (_what, step) => {
    const { run, effects } = await outcome({ method: "POST", body: "x", ...step });
    expect(run).toMatchObject({ status: "failed" });
    expect(effects.map(({ state }) => state)).not.toContain("unknown");
    expect(seen).toEqual([]);
  });
});

test("a model sees where a tool's result was cut", async () => {
  reply = () => ({ headers: { "content-type": "text/plain" }, body: "word ".repeat(100_000) });
  let told = "";
  script = (prompt) => {
    if (!prompt.includes("tool-result")) return { tool: "http_request", input: { url: `${origin}/` } };
    told = prompt;
    return "done";
  };
  const edges = [
    { from: "start", to: "ask" },
    { from: "ask", to: "end" },
  ];
  const runId = await engine.start({
    format: "cairn/v1",
    name: "Tool",
    kind: "graph",
    steps: { ask: { type: "agent", role: "R", goal: "G", tools: ["http_request"] } },
    edges,
  });
  await engine.settle();
  expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  expect(told).toContain("[Cut here: 60000 of");
  expect(told.length).toBeLessThan(100_000);
});
