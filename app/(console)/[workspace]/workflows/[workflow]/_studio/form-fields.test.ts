import { expect, test } from "vitest";
import { definitionJsonSchema } from "#/agents/definition/format/json-schema.ts";
import { listFields } from "./form-fields.ts";
import { schemasAt } from "./schema-at.ts";

const DOCUMENT = {
  kind: "graph",
  steps: {
    ask: { type: "approval", title: "Go on?" },
    each: { type: "map", do: { steps: { get: { type: "http" } }, edges: [] } },
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
