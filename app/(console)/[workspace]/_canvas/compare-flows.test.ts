import { expect, test } from "vitest";
import { compareFlows } from "./compare-flows.ts";

const before = {
  kind: "graph",
  steps: {
    read: { type: "search", query: "q" },
    judge: { type: "approval", title: "Good?" },
    send: { type: "http", url: "https://a.example" },
    each: {
      type: "map",
      items: "{{ input.list }}",
      do: { steps: { one: { type: "llm", prompt: "a" } }, edges: [] },
    },
  },
  edges: [
    { from: "start", to: "read" },
    { from: "read", to: "judge" },
    { from: "judge", when: [{ if: "state.judge.action == 'reject'", to: "read" }], else: "send" },
    { from: "send", to: "end" },
  ],
};
const after = {
  kind: "graph",
  steps: {
    send: { url: "https://a.example", type: "http" },
    read: { type: "search", query: "another" },
    note: { type: "set", values: {} },
    each: {
      type: "map",
      items: "{{ input.list }}",
      do: { steps: { one: { type: "llm", prompt: "b" } }, edges: [] },
    },
  },
  edges: [
    { from: "start", to: "read" },
    { from: "read", to: "note" },
    { from: "note", to: "send" },
    { from: "send", to: "end" },
  ],
};

test("one graph has what was added, changed and removed; the order of fields and steps is no difference", () => {
  const { nodes, edges, graph } = compareFlows(before, after);
  expect(Object.fromEntries(nodes)).toEqual({
    read: "changed",
    note: "added",
    judge: "removed",
    "each/one": "changed",
  });
  expect(graph.nodes.map(({ id }) => id)).toContain("judge");
  const told = graph.edges.flatMap(({ id, source, target }) =>
    edges.has(id) ? [`${edges.get(id)}: ${source} > ${target}`] : [],
  );
  expect(told.toSorted()).toEqual([
    "added: note > send",
    "added: read > note",
    "removed: judge > read",
    "removed: judge > send",
    "removed: read > judge",
  ]);
  expect(new Set(graph.edges.map(({ id }) => id)).size).toBe(graph.edges.length);
});

test("a way that a step has lost leaves from the row that it had", () => {
  const other = { ...before, edges: [...before.edges.slice(0, 2), { from: "judge", to: "send" }] };
  const { graph } = compareFlows(before, other);
  const judge = graph.nodes.find(({ id }) => id === "judge");
  const lost = graph.edges.filter(({ id, source }) => source === "judge" && id.startsWith("lost"));
  expect(lost.length).toBeGreaterThan(0);
  for (const { exit } of lost) expect(judge?.exits.map(({ id }) => id)).toContain(exit);
});

test("nothing has changed between a definition and itself", () => {
  const { nodes, edges } = compareFlows(before, structuredClone(before));
  expect([...nodes, ...edges]).toEqual([]);
});
