import { expect, test } from "vitest";
import { withFieldOrder } from "#/agents/definition/format/field-order.ts";
import { validateDefinition } from "#/agents/definition/check/validate.ts";

const FORM = { type: "object", properties: { when: { type: "string" }, a: { type: "string" } } };
const ASK = { type: "approval", title: "Ask", form: FORM };
const edges = [
  { from: "start", to: "inside" },
  { from: "inside", to: "end" },
];

function readOrder(document: unknown): unknown {
  const checked = validateDefinition(document, { tools: [] });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return withFieldOrder(checked.definition);
}

test("notes the author's order of what people fill in, in maps too", () => {
  const input = { type: "object", properties: { topic: { type: "string" }, by: { type: "string" } } };
  const each = {
    type: "map",
    items: "{{ input.topic }}",
    do: { steps: { inside: ASK }, edges, output: "{{ state.inside }}" },
  };
  const document = {
    format: "cairn/v1",
    name: "n",
    kind: "graph",
    input,
    steps: { ask: ASK, each },
    edges: [
      { from: "start", to: "ask" },
      { from: "ask", to: "each" },
      { from: "each", to: "end" },
    ],
  };
  expect(readOrder(document)).toMatchObject({
    input: { "x-order": ["topic", "by"] },
    steps: {
      ask: { form: { "x-order": ["when", "a"] } },
      each: { do: { steps: { inside: { form: { "x-order": ["when", "a"] } } } } },
    },
  });
});

test("keeps an order that the author has written", () => {
  const input = { type: "object", properties: { b: {}, a: {} }, "x-order": ["a", "b"] };
  expect(readOrder({ format: "cairn/v1", name: "n", kind: "direct", prompt: "p", input })).toMatchObject({
    input: { "x-order": ["a", "b"] },
  });
});
