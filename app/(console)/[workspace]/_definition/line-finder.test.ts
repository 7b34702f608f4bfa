import { expect, test } from "vitest";
import { lineFinder } from "./line-finder.ts";

const YAML = `name: X
steps:
  ask:
    type: approval
    actions:
      - approve
      - reject
edges:
  - { from: start, to: ask }
  - from: ask
    when:
      - { if: "true", to: end }
odd/key: 1
`;

test.each([
  ["/name", 1],
  ["/steps/ask", 3],
  ["/steps/ask/actions/1", 7],
  ["/edges/0/to", 9],
  ["/edges/1", 10],
  ["/edges/1/when/0/if", 12],
  ["/odd~1key", 13],
])("finds %s in line %i", (pointer, line) => {
  expect(lineFinder(YAML)(pointer)).toBe(line);
});

test("leads to the nearest key above what is missing", () => {
  const lineOf = lineFinder(YAML);
  expect(lineOf("/steps/ask/title")).toBe(3);
  expect(lineOf("/edges/7")).toBe(8);
  expect(lineOf("/format")).toBeUndefined();
});

test("reads JSON as well", () => {
  expect(lineFinder('{\n  "steps": {\n    "ask": { "type": "llm" }\n  }\n}')("/steps/ask/type")).toBe(3);
});
