import { expect, test } from "vitest";
import { findProblem } from "#/app/(console)/[workspace]/runs/[run]/state-fields.tsx";

test.each([
  ['{"id": 9007199254740991}', undefined],
  ['{"id": 9007199254740993}', expect.stringContaining("more than a number can hold exactly")],
  ["{id", "Not valid JSON. Put text in quotes."],
])("a value of the state as it was typed: %s", (id, problem) => {
  expect(findProblem({ id }, "id")).toEqual(problem);
});
