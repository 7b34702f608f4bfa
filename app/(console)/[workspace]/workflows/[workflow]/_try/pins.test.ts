import { expect, test } from "vitest";
import { pinStates } from "./pin-states.ts";
import { readPins } from "./pins.ts";

const document = { kind: "graph", steps: { a: { type: "set" }, b: { type: "set" } }, edges: [] };

test("a pin of a step that the draft lacks is kept and not sent", () => {
  const pins = { values: { a: 1, gone: 2, constructor: 3 }, pin: () => undefined };
  expect(readPins(document, pins)).toEqual({ a: 1 });
  expect(readPins(undefined, pins)).toEqual({});
});

test("a node says that its step is pinned, and to what", () => {
  const states = pinStates({ a: { text: "kept" }, b: null });
  expect(states.get("a")).toMatchObject({ label: "Pinned", line: "Pinned · kept" });
  expect(states.get("b")).toMatchObject({ line: "Pinned" });
});
