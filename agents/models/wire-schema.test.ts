import {
  assert,
  array,
  boolean,
  constantFrom,
  dictionary,
  type Arbitrary,
  letrec,
  oneof,
  property,
  record,
  string,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { fromWire, toWireSchema } from "#/agents/models/wire-schema.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

const KEYWORDS = new Set(
  "type title description enum const properties required additionalProperties items anyOf $ref $defs definitions format pattern multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minItems maxItems".split(
    " ",
  ),
);

/** Lists the refusals of OpenAI's strict mode, by its published rules. */
function refusals(schema: unknown, path = "#"): string[] {
  if (!isJsonObject(schema)) return [`${path} is no schema`];
  const unknown = Object.keys(schema)
    .filter((keyword) => !KEYWORDS.has(keyword))
    .map((keyword) => `${path} has ${keyword}`);
  const { properties, required, additionalProperties, items, anyOf, $defs } = schema;
  const isObject = [schema["type"]].flat().includes("object");
  const missing =
    isObject &&
    (additionalProperties !== false ||
      !isJsonObject(properties) ||
      JSON.stringify(Object.keys(properties).toSorted()) !==
        JSON.stringify([...((required as string[]) ?? [])].toSorted()));
  const inner = [
    ...Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([name, one]) =>
      refusals(one, `${path}/${name}`),
    ),
    ...Object.entries(isJsonObject($defs) ? $defs : {}).flatMap(([name, one]) =>
      refusals(one, `${path}/$defs/${name}`),
    ),
    ...(items === undefined ? [] : refusals(items, `${path}/items`)),
    ...(Array.isArray(anyOf) ? anyOf.flatMap((one, place) => refusals(one, `${path}/anyOf/${place}`)) : []),
  ];
  const open = !["type", "anyOf", "$ref"].some((keyword) => keyword in schema);
  const beside = "$ref" in schema && Object.keys(schema).length > 1 ? [`${path} has more than its $ref`] : [];
  return [
    ...unknown,
    ...beside,
    ...(missing ? [`${path} is not closed, or has optional keys`] : []),
    ...(open ? [`${path} says nothing`] : []),
    ...inner,
  ];
}

const { schema } = letrec<{ schema: JsonObject }>((tie) => ({
  schema: oneof(
    { maxDepth: 4 },
    record(
      { type: constantFrom("string", "number", "integer", "boolean", "null"), description: string() },
      { requiredKeys: ["type"] },
    ),
    record(
      { enum: array(string(), { minLength: 1 }), minLength: constantFrom(1) },
      { requiredKeys: ["enum"] },
    ),
    record({ const: constantFrom<unknown>("a", 1, true, null, [1], { a: 1 }) }),
    record(
      { type: constantFrom("array"), items: tie("schema"), uniqueItems: boolean() },
      { requiredKeys: ["type"] },
    ),
    objects(tie("schema")),
    record({ anyOf: array(tie("schema"), { minLength: 1, maxLength: 3 }) }),
    record({ allOf: array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
  ),
}));

function objects(inner: Arbitrary<unknown>): Arbitrary<JsonObject> {
  return record({ properties: dictionary(constantFrom("a", "b", "c"), inner), open: boolean() }).map(
    ({ properties, open }) => ({
      type: "object",
      properties,
      required: Object.keys(properties).filter((name) => name !== "b"),
      additionalProperties: open,
    }),
  );
}

test("whatever is asked for strictly keeps to the published rules of strict mode", () => {
  assert(
    property(schema, (user) => {
      const wire = toWireSchema(user);
      expect(wire.schema["type"]).toBe("object");
      expect(wire.strict ? refusals(wire.schema) : []).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

describe("an ordinary schema", () => {
  const user = {
    type: "object",
    required: ["city"],
    properties: {
      city: { type: "string", minLength: 1 },
      note: { type: "string" },
      size: { type: ["integer", "null"] },
      mood: { enum: ["good", "bad"] },
      parts: { type: "array", items: { type: "object", properties: { n: { type: "number" } } } },
    },
  };

  test("is asked for strictly, its optional keys as nullable ones", () => {
    const wire = toWireSchema(user);
    expect(wire).toMatchObject({
      strict: true,
      wrapped: false,
      schema: { required: ["city", "note", "size", "mood", "parts"], additionalProperties: false },
    });
    expect(refusals(wire.schema)).toEqual([]);
  });

  test("gets nulls for absent keys taken out again, but keeps those that it allows", () => {
    const answer = { city: "Rome", note: null, size: null, mood: null, parts: [{ n: null }] };
    expect(fromWire(user, toWireSchema(user), answer)).toEqual({ city: "Rome", size: null, parts: [{}] });
  });
});

test.each([
  [{ const: "paid" }, { type: "string", const: "paid" }],
  [{ enum: ["a", 1, null] }, { type: ["string", "number", "null"], enum: ["a", 1, null] }],
  [{ enum: [true] }, { type: "boolean", enum: [true] }],
])("%j says its type, as OpenAI wants it", (user, asked) => {
  const wire = toWireSchema({ type: "object", required: ["a"], properties: { a: user } });
  expect(wire).toMatchObject({ strict: true, schema: { properties: { a: asked } } });
  expect(refusals(wire.schema)).toEqual([]);
});

test("values that are lists or objects are asked for openly", () => {
  const user = { type: "object", required: ["a"], properties: { a: { const: { b: 1 } } } };
  expect(toWireSchema(user)).toMatchObject({ strict: false, schema: user });
});

test.each([
  ["#", "#/$defs/answer"],
  ["#/items", "#/$defs/answer/items"],
  ["#/$defs/leaf", "#/$defs/leaf"],
  ["#/definitions/leaf", "#/definitions/leaf"],
])("a reference to %s in a schema that is wrapped points to the same as before", ($ref, pointer) => {
  const wire = toWireSchema({
    type: "array",
    items: { anyOf: [{ type: "string" }, { $ref }] },
    $defs: { leaf: { type: "string" }, back: { $ref: "#" } },
    definitions: { leaf: { type: "string" } },
  });
  expect(wire).toMatchObject({
    strict: true,
    wrapped: true,
    schema: {
      properties: { value: { $ref: "#/$defs/answer" } },
      $defs: {
        answer: { items: { anyOf: [{ type: "string" }, { $ref: pointer }] } },
        back: { $ref: "#/$defs/answer" },
      },
    },
  });
});

test("a reference stands alone, as OpenAI wants it: what is said beside it stays out", () => {
  const wire = toWireSchema({
    type: "object",
    required: ["n"],
    properties: { n: { $ref: "#/$defs/C", description: "of the customer" } },
    $defs: { C: { type: "string" } },
  });
  expect(wire).toMatchObject({ strict: true, schema: { properties: { n: { $ref: "#/$defs/C" } } } });
  expect(refusals(wire.schema)).toEqual([]);
});

test.each([
  ["a list at the top", { type: "array", items: { type: "string" } }, { value: ["a"] }, ["a"]],
  ["a text at the top", { type: "string" }, { value: "a" }, "a"],
  ["alternatives at the top", { anyOf: [{ type: "string" }, { type: "null" }] }, { value: null }, null],
])("%s is wrapped in an object, and unwrapped", (_what, user, answer, value) => {
  const wire = toWireSchema(user);
  expect(wire).toMatchObject({
    wrapped: true,
    strict: true,
    schema: { type: "object", required: ["value"] },
  });
  expect(fromWire(user, wire, answer)).toEqual(value);
});

test.each([
  ["an open object", { type: "object" }],
  ["a map", { type: "object", additionalProperties: { type: "number" } }],
  ["allOf", { type: "object", properties: { a: { allOf: [{ type: "string" }] } } }],
  ["a list of anything", { type: "object", required: ["a"], properties: { a: { type: "array" } } }],
])("%s is asked for openly", (_what, user) => {
  expect(toWireSchema(user)).toMatchObject({ strict: false, schema: user });
});
