import * as v from "valibot";
import { expect, test } from "vitest";
import { Definition, type GraphDefinition } from "#/agents/definition/format/definition.ts";
import { isolateStep } from "#/agents/definition/plan/one-step.ts";

const whole = v.parse(Definition, {
  format: "cairn/v1",
  name: "Two",
  kind: "graph",
  state: { seen: { reduce: "append", default: [0] } },
  steps: {
    first: { type: "set", values: { a: 1 }, save: "begun" },
    second: { type: "set", values: { b: "{{ state.begun.a }}" }, onError: { goto: "first" } },
  },
  edges: [
    { from: "start", to: "first" },
    { from: "first", to: "second" },
    { from: "second", to: "end" },
  ],
}) as GraphDefinition;

test("a step alone reads every key of the state, as it is given or as it would begin, and is a definition", () => {
  const alone = isolateStep(whole, "second", { begun: { a: 7 } });
  expect(alone).toMatchObject({
    steps: { second: { type: "set" } },
    edges: [
      { from: "start", to: "second" },
      { from: "second", to: "end" },
    ],
    state: { begun: { default: { a: 7 } }, seen: { reduce: "append", default: [0] }, second: {} },
    output: { second: '{{ state["second"] }}' },
  });
  expect(v.parse(Definition, JSON.parse(JSON.stringify(alone)))).toMatchObject({ kind: "graph" });
});

test("its failure leads to no step that is not there, and no step is made up", () => {
  expect(isolateStep(whole, "second", {})?.steps["second"]).not.toHaveProperty("onError");
  expect(isolateStep(whole, "third", {})).toBeUndefined();
});
