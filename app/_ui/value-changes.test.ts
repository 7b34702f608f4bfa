import { expect, test } from "vitest";
import { listValueChanges, nameSchemaPath, sayValue } from "#/app/_ui/value-changes.ts";

const before = {
  type: "object",
  required: ["order"],
  properties: { order: { type: "string" }, amount: { type: "number", maximum: 50 } },
};
const now = {
  type: "object",
  required: ["order", "memo"],
  properties: { amount: { type: "number", maximum: 5000 }, memo: { type: "string" } },
};

test("two schemas are told apart by the fields that differ", () => {
  expect(
    listValueChanges(before, now).map((change) => [
      nameSchemaPath(change.path).join(" "),
      change.before,
      change.now,
    ]),
  ).toEqual([
    ["required", undefined, ["memo"]],
    ["order", { type: "string" }, undefined],
    ["amount maximum", 50, 5000],
    ["memo", undefined, { type: "string" }],
  ]);
});

test("what is the same in another order, and what is nothing at all, is no change", () => {
  expect(listValueChanges({ a: { b: 1, c: [2] } }, { a: { c: [2], b: 1 } })).toEqual([]);
  expect(listValueChanges(undefined, undefined)).toEqual([]);
});

test("of two lists of texts what went and what came is told, and both where only their order differs", () => {
  const change = (...lists: [readonly string[], readonly string[]]) => listValueChanges(...lists)[0];
  expect(change(["a", "b"], ["b", "c"])).toMatchObject({ before: ["a"], now: ["c"] });
  expect(change(["a", "b"], ["b", "a"])).toMatchObject({ before: ["a", "b"], now: ["b", "a"] });
});

test("a value that is a text or a list of names is said as words", () => {
  expect([sayValue("a b"), sayValue(["a", "b"]), sayValue(5), sayValue(null)]).toEqual([
    "a b",
    "a, b",
    "5",
    "null",
  ]);
});
