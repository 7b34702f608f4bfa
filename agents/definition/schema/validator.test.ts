import { validate } from "@cfworker/json-schema";
import {
  array,
  assert,
  boolean,
  constantFrom,
  dictionary,
  integer,
  letrec,
  oneof,
  property,
  record,
  uniqueArray,
} from "fast-check";
import { expect, test } from "vitest";
import { Validator } from "#/agents/definition/schema/validator.ts";
import { WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";

/** Schemas with every keyword, and patterns that both engines understand. */
const key = constantFrom("a", "b", "ab", "0");
const pattern = constantFrom("^a", "b$", "a|c", "^$");
const small = integer({ min: 0, max: 3 });
const scalar = constantFrom<unknown>("a", "b", "ab", "", 0, 1, 2.5, -3, true, false, null);
const { value } = letrec((tie) => ({
  value: oneof(
    { maxDepth: 3 },
    scalar,
    array(tie("value"), { maxLength: 4 }),
    dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
}));
const type = constantFrom("string", "number", "integer", "boolean", "null", "array", "object");
const { schema } = letrec((tie) => {
  const inner = tie("schema");
  const list = array(inner, { minLength: 1, maxLength: 3 });
  const keywords = record(
    {
      type: oneof(type, uniqueArray(type, { minLength: 1, maxLength: 3 })),
      const: scalar,
      enum: array(oneof(scalar, value), { minLength: 1, maxLength: 3 }),
      not: inner,
      allOf: list,
      anyOf: list,
      oneOf: list,
      if: inner,
      then: inner,
      else: inner,
      $ref: constantFrom("#/$defs/one", "#/$defs/two"),
      required: uniqueArray(key, { maxLength: 2 }),
      minProperties: small,
      maxProperties: small,
      propertyNames: inner,
      dependentRequired: dictionary(key, uniqueArray(key, { maxLength: 2 }), { maxKeys: 2 }),
      dependentSchemas: dictionary(key, inner, { maxKeys: 2 }),
      properties: dictionary(key, inner, { maxKeys: 2 }),
      patternProperties: dictionary(pattern, inner, { maxKeys: 2 }),
      additionalProperties: inner,
      unevaluatedProperties: inner,
      prefixItems: list,
      items: inner,
      contains: inner,
      minContains: small,
      maxContains: small,
      unevaluatedItems: inner,
      minItems: small,
      maxItems: small,
      uniqueItems: boolean(),
    },
    { requiredKeys: [] },
  );
  const plain = record(
    {
      minimum: small,
      maximum: small,
      exclusiveMinimum: small,
      exclusiveMaximum: small,
      multipleOf: constantFrom(0.5, 1, 2, 3),
      minLength: small,
      maxLength: small,
      pattern,
      format: constantFrom("date", "email", "none"),
    },
    { requiredKeys: [] },
  );
  return {
    schema: oneof({ maxDepth: 3 }, boolean(), plain, plain, keywords),
  };
});
const root = record({
  ...Object.fromEntries(
    ["allOf", "anyOf"].map((name) => [name, array(schema, { minLength: 1, maxLength: 2 })]),
  ),
  $defs: record({ one: constantFrom({ type: "string" }, {}), two: constantFrom({ minimum: 1 }, false) }),
});

/** The places at which a value does not fit, with the keyword of each. */
const listPlaces = (misfits: readonly { readonly instanceLocation: string; readonly keyword: string }[]) =>
  misfits.map(({ instanceLocation, keyword }) => `${instanceLocation} ${keyword}`).toSorted();

test("finds the same misfits at the same places as the library, of every schema and value", () => {
  const seen = new Set<boolean>();
  assert(
    property(root, value, (given, subject) => {
      const expected = validate(subject, structuredClone(given), "2020-12", undefined, false);
      const found = withinWork(WORK_AT_ONCE, () => new Validator(given).validate(subject));
      seen.add(expected.valid);
      expect(listPlaces(found)).toEqual(listPlaces(expected.errors));
    }),
    { numRuns: 200 },
  );
  expect(seen.size).toBe(2);
});
