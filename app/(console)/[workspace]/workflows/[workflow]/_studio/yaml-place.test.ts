import { expect, test } from "vitest";
import { placeAt } from "./yaml-place.ts";

const HEAD = "kind: graph\nsteps:\n  ask:\n    type: approval\n    title: Go on?\n";

test.each([
  ["ki", { keys: [], word: "ki" }],
  [`${HEAD}  `, { keys: ["steps"], word: "" }],
  [`${HEAD}    ac`, { keys: ["steps", "ask"], word: "ac" }],
  [`${HEAD}    type: ll`, { keys: ["steps", "ask"], key: "type", word: "ll" }],
  [`${HEAD}    retry:\n      at`, { keys: ["steps", "ask", "retry"], word: "at" }],
  [`${HEAD}    retry: { at`, { keys: ["steps", "ask", "retry"], word: "at" }],
  [`${HEAD}ed`, { keys: [], word: "ed" }],
])("tells the place at the end of %j", (text, place) => {
  expect(placeAt(text)).toEqual(place);
});
