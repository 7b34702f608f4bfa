import { expect, test } from "vitest";
import { stepsOf, stepsOfPart } from "./step-list.ts";

test("lists a graph's steps as a run reaches them, whatever order the database keeps", () => {
  const definition = {
    steps: {
      end2: { type: "set" },
      write: { type: "llm", title: "Write it" },
      ask: { type: "approval", title: "Publish {{ input.x }}?" },
      research: { type: "agent" },
    },
    edges: [
      { from: "start", to: "research" },
      { from: "research", to: "ask" },
      { from: "ask", when: [{ if: "x", to: "end" }], else: "write" },
      { from: "write", to: "end2" },
    ],
  };
  expect(stepsOf({ kind: "graph", definition }).map(({ id, title }) => [id, title])).toEqual([
    ["research", "Research"],
    ["ask", "Ask"],
    ["write", "Write it"],
    ["end2", "End2"],
  ]);
});

test("lists what a map does for each item", () => {
  const one = { type: "map", do: { type: "llm", title: "Sum up" } };
  const several = {
    type: "map",
    do: {
      steps: { read: { type: "http" }, write: { type: "llm" } },
      edges: [
        { from: "start", to: "read" },
        { from: "read", to: "write" },
      ],
    },
  };
  const definition = { steps: { one, several } };
  expect(stepsOfPart({ definition }, "one")).toEqual([{ id: "one", title: "Sum up", type: "llm" }]);
  expect(stepsOfPart({ definition }, "several").map(({ id }) => id)).toEqual(["read", "write"]);
  expect(stepsOfPart({ definition: {} }, "one")).toEqual([{ id: "one", title: "One", type: "step" }]);
});

test("lists a crew's tasks with the roles that do them", () => {
  const definition = {
    agents: { a: { role: "Analyst" } },
    tasks: [{ id: "analyse", agent: "a" }, { id: "review" }],
  };
  expect(stepsOf({ kind: "crew", definition }).map(({ title }) => title)).toEqual([
    "Analyse · Analyst",
    "Review",
  ]);
});
