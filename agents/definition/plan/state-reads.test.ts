import { expect, test } from "vitest";
import { stateReadBy } from "#/agents/definition/plan/state-reads.ts";
import type { PlanStep } from "#/agents/definition/plan/plan.ts";

const read = (step: unknown) => {
  const keys = stateReadBy(step as PlanStep);
  return keys && [...keys].toSorted();
};

test("a step reads the keys that its templates, conditions and nested steps name", () => {
  expect(read({ type: "llm", prompt: "{{ state.a }} and {{ input.b }} of {{ state['c'].d }}" })).toEqual([
    "a",
    "c",
  ]);
  expect(
    read({
      type: "agent",
      role: "R",
      goal: "G",
      toolPolicy: { http_request: { when: "state.limit > args.n" } },
    }),
  ).toEqual(["limit"]);
  expect(
    read({
      type: "map",
      items: "{{ state.list }}",
      do: {
        steps: { one: { type: "set", values: { n: "{{ state.rate * item }}" } } },
        output: "{{ state.one.n }}",
      },
    }),
  ).toEqual(["list", "one", "rate"]);
  expect(read({ type: "approval", title: "Good?", edits: "draft" })).toEqual(["draft"]);
  expect(read({ type: "wait", for: "1h" })).toEqual([]);
});

test("whatever may read any key reads them all", () => {
  expect(read({ type: "llm", prompt: "{{ state }}" })).toBeUndefined();
  expect(read({ type: "llm", prompt: "{{ state[input.key] }}" })).toBeUndefined();
  expect(
    read({ type: "map", items: [1], do: { steps: { one: { type: "set", values: { n: 1 } } } } }),
  ).toBeUndefined();
  expect(read({ type: "code", source: "return Object.keys(state);" })).toBeUndefined();
  expect(read({ type: "llm", prompt: "{{ state.a }} and {{ state" })).toEqual(["a"]);
});
