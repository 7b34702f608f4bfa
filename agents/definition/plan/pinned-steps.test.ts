import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { GraphDefinition } from "#/agents/definition/format/definition.ts";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { pinSteps, isPinnable } from "#/agents/definition/plan/pinned-steps.ts";
import { runCodeStep } from "#/agents/steps/code/run.ts";
import type { Task } from "#/agents/steps/task.ts";
import { chain } from "#/tests/support/definitions.ts";

const task = { scope: {}, signal: new AbortController().signal } as Partial<Task> as Task;

function graphOf(document: object): GraphDefinition {
  const checked = validateDefinition(document, { tools: [] });
  if (!checked.ok || checked.definition.kind !== "graph") throw new Error(JSON.stringify(checked));
  return checked.definition;
}
const graph = graphOf(
  chain({
    ask: {
      type: "llm",
      title: "Ask",
      prompt: "Hello",
      save: "said",
      retry: { attempts: 3 },
      onError: { goto: "keep" },
    },
    keep: { type: "set", values: { said: "{{ state.said }}" } },
  }),
);

test("a pinned step gives exactly what is kept for it, whatever that is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const kept: unknown = JSON.parse(JSON.stringify(value));
      const { ask } = pinSteps(graph, { ask: kept }).steps;
      if (ask?.type !== "code") throw new Error("It is not code.");
      expect((await runCodeStep(ask, task)).value).toEqual(kept);
    }),
    { numRuns: 30 },
  );
});

test("keys that a prototype has, and templates, are texts like others", async () => {
  const kept: unknown = JSON.parse(
    '{"__proto__": {"a": 1}, "constructor": "{{ input.x }}", "quote": "\\u2028`${1}`"}',
  );
  const { ask } = pinSteps(graph, { ask: kept }).steps;
  if (ask?.type !== "code") throw new Error("It is not code.");
  expect(JSON.stringify((await runCodeStep(ask, task)).value)).toBe(JSON.stringify(kept));
});

test("the graph can be published still, saves where the step saved, says that it is pinned, and is else as it was", () => {
  const pinned = pinSteps(graph, { ask: "Hi", elsewhere: 1 });
  expect(validateDefinition(pinned, { tools: [] })).toMatchObject({ ok: true });
  expect(pinned.steps["ask"]).toMatchObject({ type: "code", title: "Ask (pinned)", save: "said" });
  expect(pinned.steps["ask"]).not.toHaveProperty("onError");
  expect({ ...pinned, steps: { ...pinned.steps, ask: graph.steps["ask"] } }).toEqual(graph);
});

test("what is pinned fits into a code step", () => {
  const longest = 100_000 - 'return JSON.parse("\\"\\"");'.length;
  expect(isPinnable("x".repeat(longest))).toBe(true);
  expect(isPinnable("x".repeat(longest + 1))).toBe(false);
});
