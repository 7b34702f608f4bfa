import { NO_TOOL_MEMORY } from "#/tests/support/no-memory.ts";
import { NO_STORE } from "#/tests/support/no-store.ts";
import { describe, expect, it, vi } from "vitest";
import { calculate } from "#/agents/tools/builtin/calculator.ts";
import { code } from "#/agents/tools/builtin/code.ts";
import { builtInNames, builtInTools } from "#/agents/tools/builtin/source.ts";
import { pinTool } from "#/agents/tools/pin.ts";
import { httpRequest } from "#/agents/tools/builtin/http-request.ts";
import { knowledgeSearch } from "#/agents/tools/builtin/knowledge-search.ts";
import type { ToolContext } from "#/agents/tools/tool.ts";
import type { GuardedFetch } from "#/lib/outbound.ts";

const PASSAGE = {
  id: "d1#3",
  document: "refunds.md",
  documentId: "d1",
  position: 3,
  text: "30 days.",
  score: 0.8,
};

function context(answer: { headers?: Record<string, string>; body?: string } = {}) {
  const fetch = vi.fn<GuardedFetch>((request) =>
    Promise.resolve({ url: request.url, status: 200, headers: {}, body: "", ...answer }),
  );
  const search = vi.fn<ToolContext["search"]>(() => Promise.resolve([PASSAGE]));
  return {
    signal: new AbortController().signal,
    idempotencyKey: "run/step",
    runId: "run",
    showProgress: () => undefined,
    isDone: () => false,
    fetch,
    search,
    store: NO_STORE,
    memory: NO_TOOL_MEMORY,
    now: () => Date.parse("2026-11-29T12:00:00Z"),
    secrets: async () => Promise.reject(new Error("no secrets here")),
    connection: async () => Promise.reject(new Error("no connections here")),
    once: (_key, _part, act) => act(),
    wait: () => undefined,
    runWorkflow: async () => null,
  } satisfies ToolContext;
}

it("gives the tools that exist among the names that are asked for", async () => {
  const found = await builtInTools.find(["calculator", "rm"]);
  expect(found.map(({ name, effect }) => [name, effect])).toEqual([["calculator", "read"]]);
});

/** Every argument of it has a value where none is given. */
const ASKS_NOTHING = "current_time";

it.each(builtInNames().filter((name) => name !== ASKS_NOTHING))(
  "%s rejects input that does not fit",
  async (name) => {
    const [tool] = await builtInTools.find([name]);
    expect(tool?.readInput({ unknown: true })).toMatchObject({ ok: false });
    await expect(tool?.run({ unknown: true }, context())).rejects.toThrow("Invalid");
  },
);

it("knowledge_search gives each passage its citation", async () => {
  const world = context();
  const result = await knowledgeSearch.run({ query: "refund window" }, world);
  expect(result).toEqual({
    passages: [
      {
        citation: "[refunds.md#3]",
        document: "refunds.md",
        documentId: "d1",
        position: 3,
        text: "30 days.",
        score: 0.8,
      },
    ],
  });
  expect(world.search).toHaveBeenCalledWith("refund window", { topK: 5 });
});

describe("http_request", () => {
  it("reads JSON and is a read for GET", async () => {
    const world = context({
      headers: { "content-type": "application/json; charset=utf-8" },
      body: '{"a":1}',
    });
    expect(await httpRequest.run({ url: "https://example.com/a" }, world)).toMatchObject({
      status: 200,
      body: { a: 1 },
    });
    expect(world.fetch.mock.calls[0]?.[0].headers).toEqual({});
    expect(httpRequest.decideEffect({ url: "https://example.com/a" })).toBe("read");
  });

  it("sends the idempotency key with a write", async () => {
    const world = context();
    await httpRequest.run({ url: "https://example.com/a", method: "POST", body: { n: 1 } }, world);
    expect(world.fetch.mock.calls[0]?.[0]).toMatchObject({
      method: "POST",
      headers: { "idempotency-key": "run/step", "content-type": "application/json" },
      body: '{"n":1}',
    });
    expect(httpRequest.decideEffect({ url: "https://example.com/a", method: "POST" })).toBe("write");
  });
});

describe("calculator", () => {
  it.each([
    ["2*(3+4)^2", 98],
    ["0.1 + 0.2", 0.3],
    ["12.5% * 80", 10],
    ["sqrt(2)^2", 2],
    ["max(1, 200) - min(3, 4)", 197],
    ["round(10 / 3, 2)", 3.33],
    ["3 > 2 ? 1 : 0", 1],
    ["-2^2", -4],
    ["2 pi", 6.2831853071796],
  ])("%s = %d", async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  it.each([
    "1/0",
    "a = 1",
    "f(x) = x",
    "1; 2",
    '"text"',
    "config({})",
    "parse(1)",
    "evaluate(1)",
    "cos.constructor",
    "[1, 2]",
    "{a: 1}",
    "random()",
    "2 +",
    "cos",
    "170! * 170!",
  ])("refuses %s", async (expression) => {
    await expect(calculate(expression)).rejects.toThrow(Error);
  });
});

it("code is kept as it was before it could call other tools", () => {
  expect(code.earlier?.map((tool) => pinTool(tool).digest.slice(0, 16))).toEqual(["94b0839bf94cd9da"]);
});

it("a built-in tool stays what it is: published versions have its digest. A changed one has a new name, or is kept as it was", async () => {
  const tools = await builtInTools.find(builtInNames());
  expect(Object.fromEntries(tools.map((tool) => [tool.name, pinTool(tool).digest.slice(0, 16)]))).toEqual({
    calculator: "e9eabed3007f2436",
    code: "bdebc82a51cb049a",
    csv_query: "c521a4edfed598d7",
    current_time: "897ebaf9e60a2f9c",
    http_request: "421c58a350d141f7",
    json_query: "872ecd4809536325",
    knowledge_search: "fb5cada0ede059a0",
    memory_save: "694ade9844052d4c",
    memory_search: "780b95d82d16a856",
    send_email: "984f65cce41dcc38",
    slack_message: "7e3e3de664dd89b4",
    store_delete: "8610865ee2ec89a7",
    store_get: "b2d1b2ec4fafc08a",
    store_list: "c03f2dbc7eb0ab74",
    store_put: "39fb85b2a724a215",
    web_page: "b9a795986d498e3e",
    web_search: "cbe0d1165e26bcf5",
  });
});
