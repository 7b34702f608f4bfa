import { expect, test } from "vitest";
import { compareDefinitions } from "#/agents/definition/compare/compare.ts";

const before = {
  name: "Brief",
  steps: { a: { type: "set", values: { x: 1, y: 2 } }, b: { type: "llm", prompt: "Old" } },
  edges: [
    { from: "start", to: "a" },
    { from: ["a", "b"], to: "end" },
  ],
};

test("a definition does not differ from itself, whatever the order of its keys and edges", () => {
  const { edges, steps, name } = before;
  const same = {
    edges: [...edges].toReversed(),
    steps: { b: steps.b, a: { values: { y: 2, x: 1 }, type: "set" } },
    name,
  };
  expect(compareDefinitions(before, same)).toEqual([]);
});

test("each part that is new, gone or different is told once, by its name", () => {
  const after = {
    name: "Brief",
    tool: { description: "Writes." },
    steps: { b: { type: "llm", prompt: "New", model: "m" }, c: { type: "set", values: {} } },
    edges: [
      { from: ["a", "b"], to: "end" },
      { from: "start", to: "b" },
    ],
  };
  expect(compareDefinitions(before, after)).toEqual([
    { kind: "removed", path: "/steps/a", before: before.steps.a },
    { kind: "changed", path: "/steps/b/prompt", before: "Old", after: "New" },
    { kind: "added", path: "/steps/b/model", after: "m" },
    { kind: "added", path: "/steps/c", after: { type: "set", values: {} } },
    { kind: "removed", path: "/edges/start → a", before: { from: "start", to: "a" } },
    { kind: "added", path: "/edges/start → b", after: { from: "start", to: "b" } },
    { kind: "added", path: "/tool", after: { description: "Writes." } },
  ]);
});

test("what is no definition yet is compared as far as it goes", () => {
  expect(compareDefinitions({ steps: 7 }, { steps: { a: 1 }, edges: "none" })).toEqual([
    { kind: "added", path: "/steps/a", after: 1 },
  ]);
});
