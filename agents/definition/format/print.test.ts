import { readdirSync, readFileSync } from "node:fs";
import { Validator } from "@cfworker/json-schema";
import { assert, dictionary, jsonValue, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { definitionJsonSchema } from "#/agents/definition/format/json-schema.ts";
import { parseText } from "#/agents/definition/format/parse.ts";
import { printDefinition } from "#/agents/definition/format/print.ts";

const shipped = readdirSync("local/seed/workflows").map((file) =>
  parseText(readFileSync(`local/seed/workflows/${file}`, "utf8")),
);

describe("printing", () => {
  test.each(shipped)("and reading again gives the same definition (%#)", (parsed) => {
    const document = parsed.ok ? parsed.document : undefined;
    expect(parseText(printDefinition(document))).toEqual({ ok: true, document });
  });

  test("and reading again gives the same JSON, whatever it is that every door lets in", () => {
    const isExact = (document: unknown) => !/[:[,]-?\d{16,}(?=[,\]}])/.test(JSON.stringify(document));
    const json = dictionary(
      string().filter((key) => key !== "__proto__"),
      jsonValue({ noUnicodeString: false }),
    ).filter(isExact);
    assert(
      property(json, (document) => {
        const given: unknown = JSON.parse(JSON.stringify(document));
        expect(parseText(printDefinition(given))).toEqual({ ok: true, document: given });
      }),
      { numRuns: 300 },
    );
  });

  test("writes an edge in one line and a long text as a block", () => {
    const text = printDefinition({
      steps: { a: { type: "llm", prompt: "one\n\ntwo\n" } },
      edges: [{ from: "start", to: "a" }],
    });
    expect(text).toContain("- { from: start, to: a }");
    expect(text).toContain("prompt: |\n      one");
  });
});

describe("the published JSON Schema", () => {
  const validator = new Validator(definitionJsonSchema(), "7", false);

  test.each(shipped)("accepts what ships (%#)", (parsed) => {
    expect(parsed.ok && validator.validate(parsed.document).errors).toEqual([]);
  });

  test("refuses unknown keys and unknown kinds", () => {
    const direct = { format: "cairn/v1", name: "x", kind: "direct", prompt: "y" };
    expect(validator.validate(direct).valid).toBe(true);
    expect(validator.validate({ ...direct, promt: "z" }).valid).toBe(false);
    expect(validator.validate({ ...direct, kind: "other" }).valid).toBe(false);
  });
});
