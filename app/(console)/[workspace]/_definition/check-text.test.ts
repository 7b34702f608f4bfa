import { expect, test } from "vitest";
import { checkText } from "./check-text.ts";

const CATALOGUE = { tools: ["knowledge_search"] };
const TEXT = `format: cairn/v1
name: Greeting
kind: direct
input:
  type: object
  properties:
    name: { type: string }
prompt: "Greet {{ input.name }}"
tools: [knowlege_search]
`;

test("tells the line of each problem, and the name that was probably meant", () => {
  expect(checkText(TEXT, CATALOGUE).problems).toEqual([
    expect.objectContaining({ path: "/tools/0", line: 9, suggestion: "knowledge_search" }),
  ]);
});

test("tells where the text stops being YAML", () => {
  expect(checkText("a: [1,\nb: }", CATALOGUE).problems[0]).toMatchObject({
    path: "",
    line: expect.any(Number),
  });
});

test("puts what is missing at the place where it should be", () => {
  const {
    problems: [problem],
  } = checkText(
    "format: cairn/v1\nname: X\nkind: graph\nsteps:\n  ask:\n    type: approval\nedges:\n  - { from: start, to: ask }\n  - { from: ask, to: end }\n",
    CATALOGUE,
  );
  expect(problem).toMatchObject({ path: expect.stringContaining("/steps/ask"), line: 5 });
});

test("finds nothing in a text that can be published", () => {
  expect(checkText(TEXT.replace("knowlege", "knowledge"), CATALOGUE)).toEqual({
    problems: [],
    steps: ["answer"],
  });
});
