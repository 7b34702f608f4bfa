import { expect, test } from "vitest";
import { validateDefinition } from "#/agents/definition/check/validate.ts";

const models = {
  standard: "gpt-5-mini",
  prices: {
    "own-model": { input: 0, output: 0 },
    "gpt-5-mini": { input: 0.25, output: 2 },
    "gpt-4.1": { input: 2, output: 8 },
  },
  usualModels: { ollama: "own-model" },
};
const problems = (step: object, limits: object) => {
  const edges = [
    { from: "start", to: "ask" },
    { from: "ask", to: "end" },
  ];
  const checked = validateDefinition(
    { format: "cairn/v1", name: "Prices", kind: "graph", limits, steps: { ask: step }, edges },
    { tools: [], models },
  );
  return checked.ok ? [] : checked.problems;
};
const llm = (model?: string) => ({ type: "llm", prompt: "hello", ...(model && { model }) });

test("a limit in dollars is refused where the price of a model is not known, in maps too", () => {
  const unknown = [{ path: "/limits/maxCostUsd", message: expect.stringContaining("“llama3” is not known") }];
  expect(problems(llm("llama3"), { maxCostUsd: 1 })).toEqual(unknown);
  expect(problems({ type: "map", items: "{{ [1] }}", do: llm("llama3") }, { maxCostUsd: 1 })).toEqual(
    unknown,
  );
});

test("models that only judge an answer are models that are paid for", () => {
  const agent = { type: "agent", role: "r", goal: "g", prompt: "p", model: "gpt-4.1" };
  for (const judged of [
    { guardrail: { judge: "short", model: "llama3" } },
    { until: { judge: "short", model: "llama3" } },
  ])
    expect(problems({ ...agent, ...judged }, { maxCostUsd: 1 })).toMatchObject([
      { path: "/limits/maxCostUsd" },
    ]);
});

test("models that write down what is remembered are models that are paid for", () => {
  const limits = { maxCostUsd: 1 };
  const memory = { model: "llama3" };
  const agent = { role: "r", goal: "g", model: "gpt-4.1" };
  const tasks = [{ id: "one", description: "d", expectedOutput: "e", agent: "a" }];
  const unknown = [{ path: "/limits/maxCostUsd", message: expect.stringContaining("“llama3” is not known") }];
  expect(problems({ type: "agent", ...agent, memory }, limits)).toEqual(unknown);
  expect(problems({ type: "crew", agents: { a: { ...agent, memory } }, tasks }, limits)).toEqual(unknown);
  expect(problems({ type: "crew", agents: { a: agent }, tasks, memory }, limits)).toEqual(unknown);
  expect(problems({ type: "agent", ...agent, memory: { ...memory, save: false } }, limits)).toEqual([]);
});

test("an agent's own money is refused where the price of what it asks is not known, in maps too", () => {
  const agent = { type: "agent", role: "r", goal: "g", prompt: "p", model: "gpt-4.1" };
  const priced = { ...agent, until: { judge: "short", maxCostUsd: 1 } };
  const judged = { ...agent, until: { judge: "short", model: "llama3", maxCostUsd: 1 } };
  const unknown = (path: string) => [{ path, message: expect.stringContaining("“llama3” is not known") }];
  expect(problems(priced, {})).toEqual([]);
  expect(problems(judged, {})).toEqual(unknown("/steps/ask/until/maxCostUsd"));
  expect(problems({ type: "map", items: "{{ [1] }}", do: judged }, {})).toEqual(
    unknown("/steps/ask/do/until/maxCostUsd"),
  );
});

test.each([
  ["the model has a price", llm("gpt-4.1"), { maxCostUsd: 1 }],
  ["the deployment's model has one", llm(), { maxCostUsd: 1 }],
  ["the workspace says what it costs", llm("own-model"), { maxCostUsd: 1 }],
  ["a connection is named by its usual model", llm("ollama"), { maxCostUsd: 1 }],
  ["the limit is one of tokens", llm("llama3"), { maxTokens: 100 }],
])("it is taken where %s", (_when, step, limits) => {
  expect(problems(step, limits)).toEqual([]);
});
