import { expect, test } from "vitest";
import { parseText } from "#/agents/definition/format/parse.ts";
import { editDefinition } from "#/agents/definition/edit/edit.ts";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import { OTHERWISE } from "../../../_canvas/exits.ts";
import { type FlowGraph, readFlow } from "../../../_canvas/flow-graph.ts";
import {
  arrangeSteps,
  connectNodes,
  freeName,
  insertStep,
  makeRoom,
  removeSteps,
  removeWay,
} from "./canvas-operations.ts";

const TEXT = `# ours
kind: graph
steps:
  find: { type: search, query: x }
  ask: { type: approval, title: Go on? } # a person
  write: { type: llm, prompt: x }
edges:
  - { from: start, to: find }
  - { from: find, to: ask }
  - { from: ask, to: write }
  - { from: write, to: end }
`;

const read = (text: string) => {
  const parsed = parseText(text);
  return parsed.ok ? parsed.document : undefined;
};
/** Does what is decided on a text, and tells the ways that are there afterwards. */
function after(text: string, decide: (graph: FlowGraph, document: unknown) => readonly Operation[]) {
  const document = read(text);
  const edited = editDefinition(text, decide(readFlow(document), document));
  if (!edited.ok) throw new Error(edited.reason);
  const { edges } = readFlow(edited.document);
  return {
    text: edited.text,
    ways: edges.map(({ source, exit, target }) => `${source}${exit ? ` (${exit})` : ""} > ${target}`),
  };
}

test("a new step stands on the way that led on from the one before it", () => {
  const { ways, text } = after(TEXT, (graph) =>
    insertStep(graph, { name: "check", fields: { type: "set", values: {} }, after: "find" }),
  );
  expect(ways).toEqual(["start > find", "find > check", "ask > write", "write > end", "check > ask"]);
  expect(text).toContain("# a person");
});

test("a new step without a place stands at the end, also of an empty graph", () => {
  const fields = { type: "llm", prompt: "x" };
  const { ways } = after(TEXT, (graph) => insertStep(graph, { name: "last", fields, after: undefined }));
  expect(ways.slice(-2)).toEqual(["write > last", "last > end"]);
  const empty = "kind: graph\nsteps: {}\nedges: []\n";
  expect(after(empty, (graph) => insertStep(graph, { name: "a", fields, after: undefined })).ways).toEqual([
    "start > a",
    "a > end",
  ]);
});

test("a branch that is drawn from a row turns the way that was always taken into the other one", () => {
  const reject = "if state.ask.action == 'reject'";
  const branched = after(TEXT, (graph, document) =>
    connectNodes(graph, document, { source: "ask", exit: reject, target: "end" }),
  );
  expect(branched.ways).toContain(`ask (${reject}) > end`);
  expect(branched.ways).toContain(`ask (${OTHERWISE}) > write`);
  const ask = readFlow(read(branched.text)).nodes.find(({ id }) => id === "ask");
  expect(ask?.exits.map(({ label, isTaken }) => [label, isTaken])).toEqual([
    ["Reject", true],
    ["Approve", true],
  ]);
  const moved = after(branched.text, (graph, document) =>
    connectNodes(graph, document, { source: "ask", exit: reject, target: "find" }),
  );
  expect(moved.ways).toContain(`ask (${reject}) > find`);
  const way = readFlow(read(branched.text)).edges.find(({ exit }) => exit === reject);
  const back = after(branched.text, (_, document) => (way ? removeWay(document, way) : []));
  expect(back.ways).toContain("ask > write");
});

test("the rows of an approval and of a routing decision are its choices", () => {
  const graph = readFlow({
    kind: "graph",
    steps: {
      ask: { type: "approval", actions: ["approve", "ask_again"], save: "answer" },
      pick: { type: "route", routes: { billing: "a", support: "b" } },
    },
    edges: [{ from: "pick", when: [{ if: 'state.pick.route=="billing"', to: "ask" }], else: "end" }],
  });
  const rowsOf = (id: string) => graph.nodes.find((node) => node.id === id)?.exits;
  expect(rowsOf("ask")?.map(({ label, condition }) => [label, condition])).toEqual([
    ["Approve", "state.answer.action == 'approve'"],
    ["Ask again", "state.answer.action == 'ask_again'"],
  ]);
  expect(rowsOf("pick")?.map(({ label, isTaken }) => [label, isTaken])).toEqual([
    ["billing", true],
    ["support", true],
  ]);
});

test("what led to a removed step leads to what came after it", () => {
  expect(after(TEXT, (graph) => removeSteps(graph, ["ask"])).ways).toEqual([
    "start > find",
    "find > write",
    "write > end",
  ]);
});

test("steps that are moved by hand can be arranged again, and the document is as it was", () => {
  const moved = editDefinition(TEXT, [{ do: "setPosition", step: "ask", x: 10, y: 20 }]);
  if (!moved.ok) throw new Error(moved.reason);
  expect(readFlow(moved.document).positions.get("ask")).toEqual({ x: 10, y: 20 });
  expect(after(moved.text, (_, document) => arrangeSteps(document)).text).toBe(TEXT);
});

test("among placed steps a new one stands below the one before it, and what lies below makes room", () => {
  const placed = editDefinition(TEXT, [
    { do: "setPosition", step: "find", x: 0, y: 0 },
    { do: "setPosition", step: "ask", x: 8, y: 100 },
  ]);
  if (!placed.ok) throw new Error(placed.reason);
  const graph = readFlow(placed.document);
  const [operation] = makeRoom(graph, "new", { x: 0, y: 0, width: 248, height: 58 });
  expect(operation).toMatchObject({
    value: { find: { x: 0, y: 0 }, new: { x: 0, y: 102 }, ask: { x: 8, y: 204 } },
  });
  expect(makeRoom(readFlow(read(TEXT)), "new", { x: 0, y: 0, width: 248, height: 58 })).toEqual([]);
});

test("names do not clash", () => {
  const graph = readFlow(read(TEXT));
  expect([freeName(graph, "ask"), freeName(graph, "llm"), freeName(graph, "ask", { map: "map" })]).toEqual([
    "ask2",
    "llm",
    "ask",
  ]);
});
