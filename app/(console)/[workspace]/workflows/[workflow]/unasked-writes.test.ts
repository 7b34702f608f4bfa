import { expect, test } from "vitest";
import { mayWriteUnasked } from "./unasked-writes.ts";

const agent = { type: "agent", tools: ["calculator", "http_request"] };

test("a version from before writes waited for a person is told, wherever its agents stand", () => {
  expect(mayWriteUnasked({ kind: "graph", steps: { ask: agent } })).toBe(true);
  expect(mayWriteUnasked({ kind: "graph", steps: { each: { type: "map", do: agent } } })).toBe(true);
  expect(mayWriteUnasked({ kind: "direct", tools: ["http_request"] })).toBe(true);
});

test("one that says what becomes of writes, or has none, is not", () => {
  expect(mayWriteUnasked({ toolWrites: "auto", steps: { ask: agent } })).toBe(false);
  expect(mayWriteUnasked({ steps: { ask: { ...agent, toolPolicy: { http_request: "approve" } } } })).toBe(
    false,
  );
  expect(mayWriteUnasked({ steps: { ask: { type: "agent", tools: ["calculator"] } } })).toBe(false);
});
