import { expect, test } from "vitest";
import { nameStones, pileUp } from "./pile-steps.ts";

test("the first step that is not done is where somebody is, in whatever order the others were done", () => {
  expect(nameStones([true, false, false, true])).toEqual(["laid", "here", "open", "laid"]);
  expect(nameStones([false, false])).toEqual(["here", "open"]);
  expect(nameStones([true, true])).toEqual(["laid", "laid"]);
});

test("the pile has no gap: what lies is below, then the stone of now, then those to come", () => {
  expect(pileUp(["laid", "here", "open", "laid"])).toEqual(["laid", "laid", "here", "open"]);
});
