import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { explainIssue } from "#/lib/issue-words.ts";

const wordsFor = (schema: v.GenericSchema, value: unknown) =>
  v.safeParse(schema, value).issues?.map(explainIssue);

describe("what is wrong with a value", () => {
  test.each([
    [v.pipe(v.string(), v.maxLength(3)), "abcd", "must have at most 3 characters"],
    [v.pipe(v.string(), v.minLength(3)), "ab", "must have at least 3 characters"],
    [v.pipe(v.array(v.string()), v.maxLength(1)), ["a", "b"], "must have at most 1 entries"],
    [v.pipe(v.number(), v.minValue(1)), 0, "must be 1 or more"],
    [v.pipe(v.number(), v.maxValue(1)), 2, "must be 1 or less"],
    [v.pipe(v.number(), v.integer()), 1.5, "must be a whole number"],
    [v.string(), 3, "must be text"],
    [v.boolean(), "yes", "must be true or false"],
    [v.picklist(["high", "low"]), "urgent", 'must be one of "high", "low"'],
    [v.pipe(v.string(), v.uuid()), "x", "must be an id, such as 0198c2f4-6f0a-7c3e-9a51-2b7d4e8f9a10"],
    [v.pipe(v.string(), v.minLength(1, "must not be empty")), "", "must not be empty"],
  ])("is said in words for people: %#", (schema, value, words) => {
    expect(wordsFor(schema, value)).toEqual([words]);
  });
});
