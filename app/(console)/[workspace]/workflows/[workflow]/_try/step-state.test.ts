import { expect, test } from "vitest";
import { readState } from "./step-state.ts";

const document = {
  state: { count: { reduce: "append" } },
  steps: { first: { type: "set", save: "begun" }, second: { type: "set" }, third: { type: "set" } },
};

test("a step begins with what the others have left, under the keys that the draft has now", () => {
  expect(readState(document, "second", { begun: { a: 1 }, second: "own", gone: 2 })).toEqual({
    count: null,
    begun: { a: 1 },
    third: null,
  });
});

test("a draft that is none yet has no state", () => {
  expect(readState(undefined, "first", {})).toEqual({});
});
