import { expect, test } from "vitest";
import { stepsOf } from "./step-list.ts";

test("lists a graph's steps as a run reaches them, whatever order the database keeps", () => {
  const definition = {
    steps: { end2: { type: "set" }, write: { type: "llm", title: "Write it" }, ask: { type: "approval", title: "Publish {{ input.x }}?" }, research: { type: "agent" } },
    edges: [{ from: "start", to: "research" }, { from: "research", to: "ask" }, { from: "ask", when: [{ if: "x", to: "end" }], else: "write" }, { from: "write", to: "end2" }],
  };
  expect(stepsOf({ kind: "graph", definition }).map(({ id, title }) => [id, title])).toEqual([
    ["research", "Research"],
    ["ask", "Ask"],
    ["write", "Write it"],
    ["end2", "End2"],
  ]);
});

test("lists a crew's tasks with the roles that do them", () => {
  const definition = { agents: { a: { role: "Analyst" } }, tasks: [{ id: "analyse", agent: "a" }, { id: "review" }] };
  expect(stepsOf({ kind: "crew", definition }).map(({ title }) => title)).toEqual(["Analyse · Analyst", "Review"]);
});
