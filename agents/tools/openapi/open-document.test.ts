import { expect, test } from "vitest";
import { openDocument } from "#/agents/tools/openapi/open-document.ts";

// Yaml's own check compares each key with all that stand beside it: 20,000 paths took 19 seconds of the processor.
test("of keys that a YAML document says twice the last one counts, as in JSON", () => {
  const path = (id: string) => `  /a: {get: {operationId: ${id}}}\n`;
  expect(openDocument(`openapi: 3.1.0\npaths:\n${path("one")}${path("two")}`)).toMatchObject({
    document: { paths: { "/a": { get: { operationId: "two" } } } },
  });
});

test.each([
  ["JSON that is not whole", '{"openapi": "3.1.0", "paths": {', "JSON"],
  ["YAML that is not whole", "openapi: 3.1.0\npaths: {\n", "line 3"],
  ["aliases that grow without end", bomb(), "alias"],
])("of %s it says why it cannot be read", (_what, text, reason) => {
  expect(openDocument(text)).toMatchObject({
    problem: expect.stringMatching(new RegExp(`^cannot be read: .*${reason}`)),
  });
});

test.each(["[".repeat(9000) + "]".repeat(9000), "- ".repeat(9000)])(
  "YAML that is nested without end is told to be that: %.10s",
  (nested) => {
    expect(openDocument(`openapi: 3.1.0\npaths:\n  ${nested}`)).toEqual({
      problem: "is nested more than 100 levels deep",
    });
  },
);

test("a text that is no document at all is called that", () => {
  expect(openDocument("hello")).toEqual({ problem: "is neither JSON nor YAML with an object in it" });
});

function bomb(): string {
  const lines = ["a", "b", "c", "d"].map((name, index, all) => {
    const inside = index === 0 ? "x" : `*${all[index - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 9 }, () => inside).join(", ")}]`;
  });
  return `${lines.join("\n")}\nopenapi: 3.1.0\npaths: {}\n`;
}
