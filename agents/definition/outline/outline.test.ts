import { expect, test } from "vitest";
import { outlineBody, outlineDefinition } from "#/agents/definition/outline/outline.ts";

const titlesIn = (definition: object) =>
  outlineDefinition(definition).nodes.map(({ id, title }) => [id, title]);

test("lists a graph's steps as a run reaches them, whatever order the database keeps", () => {
  const definition = {
    kind: "graph",
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
  expect(titlesIn(definition)).toEqual([
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
  const definition = { kind: "graph", steps: { one, several } };
  const listed = (map: string, from: object = definition) =>
    outlineBody(from, map).nodes.map(({ id, title, type }) => ({ id, title, type }));
  expect(listed("one")).toEqual([{ id: "one", title: "Sum up", type: "llm" }]);
  expect(listed("several").map(({ id }) => id)).toEqual(["read", "write"]);
  expect(listed("one", {})).toEqual([{ id: "one", title: "One", type: "step" }]);
  expect(outlineBody(definition, "several").edges.map(({ path }) => path)).toEqual([
    "/steps/several/do/edges/0",
    "/steps/several/do/edges/1",
  ]);
});

test("lists a crew's tasks with the roles that do them, and frames them as one crew", () => {
  const definition = {
    kind: "crew",
    agents: { a: { role: "Analyst" } },
    tasks: [{ id: "analyse", agent: "a", description: "Look\nclosely" }, { id: "review" }],
  };
  expect(titlesIn(definition)).toEqual([
    ["analyse", "Analyse · Analyst"],
    ["review", "Review"],
  ]);
  const { groups, edges, nodes } = outlineDefinition(definition);
  expect(nodes[0]).toMatchObject({ summary: "Look", path: "/tasks/0" });
  expect(groups).toEqual([
    { kind: "crew", id: "crew:", title: "Crew", summary: "1 agent", members: ["analyse", "review"] },
  ]);
  expect(edges.map(({ from, to }) => `${from} > ${to}`)).toEqual([
    "start > analyse",
    "analyse > review",
    "review > end",
  ]);
});

test("draws each source and branch as a line of its own, and frames a loop", () => {
  const { edges, groups } = outlineDefinition({
    kind: "graph",
    steps: {
      write: { type: "llm", onError: { goto: "fix" } },
      look: { type: "approval" },
      fix: { type: "llm" },
      both: { type: "set" },
    },
    edges: [
      { from: "start", to: "write" },
      { from: "write", to: "look" },
      { from: "look", when: [{ if: "state.look.action == 'reject'", to: "write", max: 2 }], else: "both" },
      { from: ["look", "fix"], to: "both", join: "active" },
      { from: ["both", "fix"], to: "end", join: "each" },
    ],
  });
  expect(groups).toEqual([{ kind: "loop", id: "loop:write", title: "Loop", members: ["write", "look"] }]);
  expect(edges).toEqual([
    { from: "start", to: "write", kind: "plain", path: "/edges/0" },
    { from: "write", to: "look", kind: "plain", path: "/edges/1" },
    {
      from: "look",
      to: "write",
      kind: "conditional",
      label: "state.look.action == 'reject'",
      max: 2,
      isBack: true,
      path: "/edges/2/when/0",
    },
    { from: "look", to: "both", kind: "otherwise", path: "/edges/2/else" },
    { from: "look", to: "both", kind: "join", joins: ["look", "fix"], join: "active", path: "/edges/3" },
    { from: "fix", to: "both", kind: "join", joins: ["look", "fix"], join: "active", path: "/edges/3" },
    { from: "both", to: "end", kind: "plain", path: "/edges/4" },
    { from: "fix", to: "end", kind: "plain", path: "/edges/4" },
    { from: "write", to: "fix", kind: "error", path: "/steps/write/onError/goto" },
  ]);
});

test("draws an unfinished draft as far as it goes", () => {
  const draft = {
    kind: "graph",
    steps: { a: null, b: { type: "map", do: { type: "map", do: {} } }, c: { type: "map" } },
    edges: [null, "x", {}, { from: "a" }, { from: "a", when: [{}, { to: "b" }] }, { from: [1], to: "b" }],
  };
  expect(outlineDefinition(draft).nodes.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(outlineDefinition(draft).edges.map(({ to, path }) => [to, path])).toEqual([
    ["b", "/edges/4/when/1"],
    ["end", "/edges/4/else"],
  ]);
  for (const nothing of [null, 1, [], {}, { kind: "crew" }, { kind: "crew", tasks: [null], agents: 1 }])
    expect(outlineDefinition(nothing).nodes).toEqual([]);
});
