import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";

vi.mock("#/lib/auth/principal.ts", async (original) => ({
  ...(await original<object>()),
  currentPrincipal: async () => undefined,
}));

let api: TestApi;
let ours: Caller;
let theirs: Caller;
beforeAll(async () => {
  api = await openApi();
  [ours, theirs] = await Promise.all([api.workspace(), api.workspace()]);
});
afterAll(() => api.stop());

const set = (body: object, caller = ours) => caller.call("PUT", "/api/v1/prices", { body });
const list = async (caller = ours) => (await caller.call("GET", "/api/v1/prices")).body;
const pricesOf = async (model: string, caller = ours) =>
  (await list(caller)).items.filter((price: { model: string }) => price.model === model);
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

test("what makers publish is listed with the day since when, and the price that holds is marked", async () => {
  expect(await pricesOf("o3")).toEqual([
    {
      id: null,
      model: "o3",
      since: "2025-06-10",
      input: 2,
      cachedInput: 0.5,
      output: 8,
      source: "list",
      holdsToday: true,
    },
    {
      id: null,
      model: "o3",
      since: "2025-04-16",
      input: 10,
      cachedInput: 2.5,
      output: 40,
      source: "list",
      holdsToday: false,
    },
  ]);
});

describe("a price of the workspace", () => {
  test("holds from its day on, before the maker's, until the next one or until it is removed", async () => {
    const agreed = await set({ model: "gpt-5", since: day(-10), input: 1, output: 8.000_001 });
    expect(agreed).toMatchObject({
      status: 200,
      body: { source: "workspace", holdsToday: true, output: 8.000_001 },
    });
    const coming = await set({ model: "gpt-5", since: day(10), input: 0.5, cachedInput: 0.05, output: 4 });
    expect(coming.body).toMatchObject({ holdsToday: false, cachedInput: 0.05 });
    expect((await pricesOf("gpt-5")).map((price: { holdsToday: boolean }) => price.holdsToday)).toEqual([
      false,
      true,
      false,
    ]);

    const { priceOfModel } = await import("#/operations/prices/read.ts");
    expect(await priceOfModel(ours.tenant, "openai/gpt-5-2025-08-07")).toMatchObject({
      input: 1,
      output: 8.000_001,
    });

    expect((await ours.call("DELETE", `/api/v1/prices/${agreed.body.id}`)).status).toBe(204);
    expect(await priceOfModel(ours.tenant, "gpt-5")).toMatchObject({ input: 1.25 });
    expect((await ours.call("DELETE", `/api/v1/prices/${agreed.body.id}`)).body.code).toBe("not-found");
  });

  test("of the same model and day replaces the one before", async () => {
    const first = await set({ model: "ollama/qwen3", since: day(0), input: 1, output: 2 });
    const second = await set({ model: "ollama/qwen3", since: day(0), input: 0, output: 0 });
    expect(second.body).toMatchObject({ id: first.body.id, input: 0, cachedInput: null });
    expect(await pricesOf("ollama/qwen3")).toHaveLength(1);
  });

  test.each([
    ["no name", { model: " " }, "/model"],
    ["a name with spaces", { model: "gpt 5" }, "/model"],
    ["a day that does not exist", { since: "2026-02-30" }, "/since"],
    ["a day of another time", { since: "1999-01-01" }, "/since"],
    ["a negative rate", { input: -1 }, "/input"],
    ["a rate that could not be stored whole", { output: 0.123_456_7 }, "/output"],
    ["a rate beyond all rates", { cachedInput: 1e9 }, "/cachedInput"],
  ])("with %s is refused at its field", async (_what, change, path) => {
    const refused = await set({ model: "m", since: "2026-01-01", input: 1, output: 2, ...change });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  test("is seen and removed in its own workspace only", async () => {
    const { body } = await set({ model: "ours/only", since: "2026-01-01", input: 1, output: 2 });
    expect(await pricesOf("ours/only", theirs)).toEqual([]);
    expect((await theirs.call("DELETE", `/api/v1/prices/${body.id}`)).status).toBe(404);
    expect(await pricesOf("ours/only")).toHaveLength(1);
  });

  test("lets a limit in dollars be published for a model of a connection, which has none before", async () => {
    await ours.call("POST", "/api/v1/connections", {
      body: {
        name: "vllm",
        kind: "openai-compatible",
        fields: { url: "http://localhost:1/v1", model: "llama9" },
      },
    });
    expect((await list()).models).toContainEqual({ model: "vllm/llama9", price: null });
    const definition = {
      format: "cairn/v1",
      name: "Dear",
      kind: "direct",
      prompt: "hello",
      model: "vllm",
      limits: { maxCostUsd: 1 },
    };
    const check = async () =>
      (await ours.call("POST", "/api/v1/definitions/check", { body: { definition } })).body;
    expect(JSON.stringify(await check())).toContain("The price of the model “vllm” is not known");
    await set({ model: "vllm/llama9", since: day(0), input: 0.2, output: 0.2 });
    expect(JSON.stringify(await check())).not.toContain("is not known");
    expect((await list()).models).toContainEqual({
      model: "vllm/llama9",
      price: { model: "vllm/llama9", input: 0.2, cachedInput: null, output: 0.2 },
    });
  });
});
