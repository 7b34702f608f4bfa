import { Validator } from "@cfworker/json-schema";
import {
  array,
  type Arbitrary,
  assert,
  boolean,
  constantFrom,
  dictionary,
  oneof,
  property,
  record,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { checkInput } from "#/agents/definition/schema/input.ts";
import { findFault, findMisfits } from "#/agents/definition/schema/fit.ts";

const A_LONG_TEXT = `${"a".repeat(100_000)}!`;

describe("patterns in a schema", () => {
  test("hold nobody up, as patterns of texts and of keys", () => {
    const schema = {
      properties: { code: { pattern: "^(a+)+$" } },
      patternProperties: { "^(a|a)*$": { type: "number" } },
      propertyNames: { pattern: "^(a|aa)+!?$|code" },
    };
    expect(findMisfits(schema, { code: A_LONG_TEXT, [A_LONG_TEXT]: 1 })).toEqual([
      { path: "/code", message: "does not match the pattern ^(a+)+$" },
    ]);
    expect(findMisfits(schema, { code: "aaa", aa: "text" })).toMatchObject([{ path: "/aa" }]);
  });

  test("count where they stand: in anyOf, under not, behind a reference, in a list", () => {
    const schema = {
      $defs: { code: { pattern: "^[A-Z]+$" } },
      type: "array",
      items: { anyOf: [{ $ref: "#/$defs/code" }, { not: { pattern: "x" } }] },
    };
    expect(findMisfits(schema, ["ABC", "abc", 3])).toEqual([]);
    expect(findMisfits(schema, ["ABC", "xyz"])).not.toEqual([]);
  });

  test("are no patterns where a key or a value happens to be called so", () => {
    const schema = {
      properties: { pattern: { type: "string" }, other: { const: { pattern: "(" } } },
      required: ["pattern"],
    };
    expect(findMisfits(schema, { pattern: "(", other: { pattern: "(" } })).toEqual([]);
  });

  test("that cannot be used any more are told, not thrown", () => {
    expect(checkInput({ properties: { a: { pattern: "(?=a)" } } }, { a: "a" })).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining("no lookahead") as string }],
    });
  });
});

describe("the format url", () => {
  test("is none of JSON Schema's, and its expression would take for ever", () => {
    expect(findMisfits({ format: "url" }, `http://${"a".repeat(100)}!`)).toEqual([]);
  });
});

describe("references", () => {
  test("that double at every turn come to an end", () => {
    const doubling = Array.from(
      { length: 40 },
      (_, index) =>
        [
          `d${index}`,
          { allOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
        ] as const,
    );
    const schema = {
      $ref: "#/$defs/d0",
      $defs: { ...Object.fromEntries(doubling), d40: { type: "object" } },
    };
    expect(findFault(schema)).toContain("references were followed");
    expect(findMisfits(schema, {})).toMatchObject([
      { path: "", message: expect.stringContaining("references were followed") as string },
    ]);
  });

  test("that lead nowhere, or round and round, are a fault of the schema", () => {
    expect(findFault({ $ref: "#/$defs/none" })).toContain("Unresolved $ref");
    expect(findFault({ $ref: "#" })).toBeDefined();
    expect(findFault({ type: "object", properties: { children: { items: { $ref: "#" } } } })).toBeUndefined();
  });
});

/** Patterns that both engines understand and that go back nowhere. */
const pattern = constantFrom("^a", "b$", "^[ab]{1,2}$", "a|c", "^$", ".");
const key = constantFrom("a", "b", "ab", "c", "pattern");

type AnySchema = Arbitrary<Readonly<Record<string, unknown>>>;

const leaf: AnySchema = oneof(
  constantFrom({ type: "string" }, { type: "number" }, {}, { not: {} }),
  record({ pattern }),
);
const about = (inner: AnySchema): AnySchema =>
  record(
    {
      properties: dictionary(key, inner, { maxKeys: 2 }),
      patternProperties: dictionary(pattern, inner, { minKeys: 1, maxKeys: 2 }),
      additionalProperties: oneof(boolean(), inner),
      unevaluatedProperties: boolean(),
      propertyNames: inner,
      items: inner,
      allOf: array(inner, { minLength: 1, maxLength: 2 }),
      pattern,
    },
    { requiredKeys: [] },
  );
const combined = (inner: AnySchema): AnySchema =>
  record(
    {
      allOf: array(inner, { minLength: 1, maxLength: 2 }),
      anyOf: array(inner, { minLength: 1, maxLength: 2 }),
      not: inner,
    },
    { requiredKeys: [] },
  );
const flat = oneof(leaf, about(leaf));
const schema = oneof(about(flat), combined(about(leaf)), about(combined(flat)));

const text = constantFrom("a", "b", "ab", "", 1, null);
const holding = (inner: Arbitrary<unknown>) =>
  oneof(text, dictionary(key, inner, { maxKeys: 3 }), array(inner, { maxLength: 2 }));
const value = dictionary(key, holding(holding(text)), { maxKeys: 3 });

test("a schema without its patterns says what it said before, of every value", () => {
  const seen = new Set<boolean>();
  assert(
    property(schema, value, (given, subject) => {
      const { valid } = new Validator(structuredClone(given), "2020-12", false).validate(subject);
      seen.add(valid);
      expect(findMisfits(given, subject).length === 0).toBe(valid);
    }),
    { numRuns: 1000 },
  );
  expect(seen.size).toBe(2);
});
