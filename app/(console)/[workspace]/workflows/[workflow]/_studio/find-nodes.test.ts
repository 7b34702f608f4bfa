import { array, assert, constantFrom, property, string } from "fast-check";
import { expect, test } from "vitest";
import { readFlow } from "../../../_canvas/flow-graph.ts";
import { findNodes, listFindable, stepHit } from "./find-nodes.ts";

const DOCUMENT = {
  kind: "graph",
  steps: {
    sort: { type: "route", prompt: "Which way?", routes: { refund: "money back", other: "the rest" } },
    answer: { type: "llm", model: "claude-sonnet-4-5", prompt: "Write about the\nrefund policy (v2.*)" },
    each: {
      type: "map",
      items: "{{ input.list }}",
      do: { steps: { send: { type: "tool", tool: "send_email" } }, edges: [] },
    },
    ask: { type: "approval", title: "Shall it go out?" },
  },
  edges: [
    { from: "start", to: "sort" },
    { from: "sort", when: [{ if: "state.sort.route == 'refund'", to: "answer" }], else: "each" },
    { from: "answer", to: "ask" },
  ],
  ui: { notes: { a: { text: "Ask Grace about refunds", x: 0, y: -400 } } },
};
const NODES = listFindable(readFlow(DOCUMENT), DOCUMENT);
const find = (words: string) => findNodes(NODES, words).map(({ id }) => id);

test("a step is found by its name, type, title, fields, model and tool, inside maps too", () => {
  expect(find("ask grace")).toEqual(["note:a"]);
  expect(find("SHALL")).toEqual(["ask"]);
  expect(find("approval")).toEqual(["ask"]);
  expect(find("sonnet")).toEqual(["answer"]);
  expect(find("send_email")).toEqual(["each/send"]);
  expect(find("money back")).toEqual(["sort"]);
});

test("hits come in the order in which they are read, and say where they are", () => {
  expect(find("refund")).toEqual(["note:a", "sort", "answer"]);
  expect(findNodes(NODES, "policy").at(0)).toMatchObject({ field: "Prompt", title: "Answer" });
  expect(findNodes(NODES, "policy").at(0)?.excerpt).toContain("the refund policy");
});

test("of a direct call everything that its step does is found, and nothing of the canvas", () => {
  const direct = {
    kind: "direct",
    name: "Daily",
    prompt: "Say hello",
    instructions: "Be kind",
    ui: { a: "hidden" },
  };
  const nodes = listFindable(readFlow(direct), direct);
  expect(findNodes(nodes, "kind").map(({ field }) => field)).toEqual(["Instructions"]);
  expect(findNodes(nodes, "hidden")).toEqual([]);
});

test("signs of patterns are text", () => {
  expect(find("(v2.*)")).toEqual(["answer"]);
  expect(find(".*")).toEqual(["answer"]);
  expect(find("[")).toEqual([]);
  expect(find("\\")).toEqual([]);
});

test("whatever is typed, a hit has every word of it; without words there is none", () => {
  const word = constantFrom("refund", "ask", "llm", "(", "$", "\\d+", "é", "İ", "\u0000");
  assert(
    property(array(word), string(), (words, more) => {
      const typed = [...words, more].join(" ");
      const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
      const found = new Set(find(typed));
      for (const { id, texts } of NODES) {
        const all = texts.map(({ text }) => text.toLowerCase());
        const isHit = wanted.length > 0 && wanted.every((one) => all.some((text) => text.includes(one)));
        expect(found.has(id)).toBe(isHit);
      }
    }),
  );
  expect(find("  ")).toEqual([]);
});

test("next and previous go round, from nowhere to the first and the last", () => {
  const hits = findNodes(NODES, "refund");
  expect(stepHit(hits, undefined, 1)).toBe("note:a");
  expect(stepHit(hits, undefined, -1)).toBe("answer");
  expect(stepHit(hits, "answer", 1)).toBe("note:a");
  expect(stepHit(hits, "note:a", -1)).toBe("answer");
  expect(stepHit([], "answer", 1)).toBeUndefined();
});

test("garbage in a draft is looked through without harm", () => {
  const odd = { kind: "graph", steps: { a: 7, b: null, c: { type: {}, x: [[[]]] } }, edges: "none", ui: 3 };
  expect(findNodes(listFindable(readFlow(odd), odd), "a").map(({ id }) => id)).toContain("a");
  expect(listFindable(readFlow(undefined), undefined)).toEqual([]);
});
