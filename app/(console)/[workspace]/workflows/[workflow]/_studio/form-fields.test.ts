import { expect, test } from "vitest";
import { definitionJsonSchema } from "#/agents/definition/format/json-schema.ts";
import { changeField, isOn, listFields } from "./form-fields.ts";
import { schemasAt } from "./schema-at.ts";

const DOCUMENT = {
  kind: "graph",
  steps: {
    ask: { type: "approval", title: "Go on?" },
    each: { type: "map", do: { steps: { get: { type: "http" } }, edges: [] } },
    clerk: { type: "agent", memory: true },
  },
  edges: [{ from: "start", to: "ask" }],
};
const at = (...keys: readonly string[]) => schemasAt(definitionJsonSchema(), DOCUMENT, keys);
const controlsAt = (...keys: readonly string[]) =>
  Object.fromEntries(
    at(...keys)
      .flatMap((schema) => listFields(schema))
      .map(({ path, control }) => [path.join("."), control.kind]),
  );

test("a form has the fields of its type of step, from the schema of the format", () => {
  expect(at("steps", "ask")).toHaveLength(1);
  expect(controlsAt("steps", "ask")).toEqual({
    title: "text",
    save: "text",
    "retry.attempts": "number",
    "retry.backoff": "text",
    "retry.if": "expression",
    "timeout.after": "text",
    "timeout.then": "text",
    onError: "json",
    description: "long",
    show: "json",
    actions: "names",
    edits: "text",
    selfApproval: "switch",
    form: "json",
  });
});

test("a step inside a map is found, and a choice of words is one", () => {
  expect(controlsAt("steps", "each", "do", "steps", "get")).toMatchObject({
    method: "choice",
    headers: "pairs",
    url: "text",
  });
});

test("every type of step has a form", () => {
  const kinds = schemasAt(definitionJsonSchema(), { kind: "graph", steps: { x: {} } }, ["steps", "x"]);
  expect(kinds.length).toBeGreaterThan(12);
  for (const kind of kinds) expect(listFields(kind).length).toBeGreaterThan(4);
});

test("a memory has a switch and fields that say how it remembers, for where it is on", () => {
  expect(controlsAt("steps", "clerk")).toMatchObject({
    memory: "onOff",
    "memory.scope": "choice",
    "memory.key": "text",
    "memory.recall": "number",
    "memory.save": "switch",
  });
  const fields = at("steps", "clerk").flatMap((schema) => listFields(schema));
  expect(fields.find(({ path }) => path.join(".") === "memory.key")?.partOf).toEqual(["memory"]);
  expect([true, {}, { key: "x" }, false, undefined].map(isOn)).toEqual([true, true, true, false, false]);
});

test("a field of what was only on makes it on with that field; others are set where they are", () => {
  const of = (...names: readonly string[]) => ["steps", ...names];
  expect(changeField(DOCUMENT, of("clerk", "memory", "key"), "Ada")).toEqual({
    do: "setField",
    field: of("clerk", "memory"),
    value: { key: "Ada" },
  });
  const changed = { do: "setField", field: of("ask", "title"), value: "Stop?" };
  expect(changeField(DOCUMENT, of("ask", "title"), "Stop?")).toEqual(changed);
  expect(changeField(DOCUMENT, of("ask", "title"), undefined)).toMatchObject({ do: "unsetField" });
});
