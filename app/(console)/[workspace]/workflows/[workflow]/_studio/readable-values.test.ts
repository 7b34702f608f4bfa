import { expect, test } from "vitest";
import { readFlow } from "../../../_canvas/flow-graph.ts";
import { findOpenWord, listReadable, pickValues, tellValue } from "./readable-values.ts";

const document = {
  kind: "graph",
  input: { type: "object", properties: { topic: { type: "string" } } },
  state: { tone: { default: "kind" } },
  steps: {
    find: { type: "search", query: "{{ input.topic }}", save: "passages" },
    judge: { type: "approval", title: "Good?" },
    fetch: { type: "http", url: "https://a.example" },
    each: {
      type: "map",
      items: "{{ state.passages }}",
      do: {
        steps: { one: { type: "llm", prompt: "p" }, two: { type: "llm", prompt: "p" } },
        edges: [
          { from: "start", to: "one" },
          { from: "one", to: "two" },
          { from: "two", to: "end" },
        ],
      },
    },
    write: {
      type: "llm",
      prompt: "p",
      outputSchema: { type: "object", properties: { title: { type: "string" } } },
    },
    last: { type: "set", values: { a: 1 } },
  },
  edges: [
    { from: "start", to: "find" },
    { from: "find", to: "judge" },
    { from: "judge", when: [{ if: "state.judge.action == 'reject'", to: "fetch" }], else: "each" },
    { from: "fetch", to: "end" },
    { from: "each", to: "write" },
    { from: "write", to: "last" },
    { from: "last", to: "end" },
  ],
};
const definition = { document, graph: readFlow(document) };
const pathsAt = (node?: string) => listReadable(definition, { node }, undefined).map(({ path }) => path);

test("a step is offered what leads to it, under the names of the results, and nothing that comes later", () => {
  const paths = pathsAt("write");
  expect(paths).toEqual(
    expect.arrayContaining([
      "input.topic",
      "state.passages",
      "state.judge.action",
      "state.each",
      "state.tone",
    ]),
  );
  for (const missing of [
    "state.fetch",
    "state.fetch.body",
    "state.write",
    "state.last",
    "state.find",
    "item",
  ])
    expect(paths).not.toContain(missing);
  expect(pathsAt("last")).toEqual(expect.arrayContaining(["state.write", "state.write.title"]));
});

test("the conditions behind a step read what it has given", () => {
  const behind = listReadable(definition, { node: "judge", isBehind: true }, undefined);
  expect(behind.map(({ path }) => path)).toContain("state.judge.action");
  expect(pathsAt("judge")).not.toContain("state.judge.action");
});

test("inside a map the item is offered, and what is around the map", () => {
  expect(pathsAt("each/two")).toEqual(
    expect.arrayContaining(["item", "index", "state.one", "state.passages", "state.judge"]),
  );
  expect(pathsAt("each/two")).not.toContain("state.write");
  expect(pathsAt("write")).not.toContain("state.one");
});

test("each value has its type, and what it was in the last run", () => {
  const last = {
    input: { topic: "Tea" },
    state: { passages: [1, 2], judge: { action: "approve" }, tone: { mood: "dry" } },
  };
  const values = new Map(
    listReadable(definition, { node: "write" }, last).map((value) => [value.path, value]),
  );
  expect(values.get("input.topic")).toMatchObject({ type: "string", last: "Tea" });
  expect(values.get("state.passages")).toMatchObject({ type: "array", last: [1, 2] });
  expect(values.get("state.judge.action")).toMatchObject({ last: "approve" });
  expect(values.get("state.tone")).toMatchObject({ type: "object" });
  expect(values.get("state.tone.mood")).toMatchObject({ type: "string", last: "dry" });
  expect(tellValue("a\n".repeat(100)).length).toBeLessThanOrEqual(60);
});

test.each([
  ["Hello {{ sta", false, { from: 9, word: "sta" }],
  ["Hello {{ a + state.dr", false, { from: 13, word: "state.dr" }],
  ["Hello {{ ", false, { from: 9, word: "" }],
  ["Hello {{ a }} sta", false, undefined],
  ["sta", false, undefined],
  ["state.am", true, { from: 0, word: "state.am" }],
  ["state.a == 'in", true, undefined],
  ["state.a == 'x' && in", true, { from: 18, word: "in" }],
])("the word at the cursor of %j", (text, isExpression, expected) => {
  expect(findOpenWord(text, isExpression)).toEqual(expected);
});

test("what begins so is offered first, and what stands there already is not", () => {
  const values = listReadable(definition, { node: "last" }, undefined);
  expect(pickValues(values, "tit").map(({ path }) => path)).toEqual(["state.write.title"]);
  expect(pickValues(values, "state.write")[0]?.path).toBe("state.write.title");
  expect(pickValues(values, "").length).toBeLessThanOrEqual(8);
});
