import { array, assert, integer, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { chunkText } from "#/lib/documents/chunk.ts";

describe("passages", () => {
  test("carry the headings they stand under", () => {
    const chunks = chunkText("# Report\nIntro.\n\n## Cause\nA certificate expired.\n\n# Other\nText.");
    expect(chunks).toEqual([
      { position: 1, text: "Report\nIntro." },
      { position: 2, text: "Report › Cause\nA certificate expired." },
      { position: 3, text: "Other\nText." },
    ]);
  });

  test("lose no word of the text, stay small, and are the same each time", () => {
    const word = string({ minLength: 1, maxLength: 12 }).map((text) => text.replaceAll(/[\s#]/gu, "x"));
    const text = array(word, { minLength: 1, maxLength: 400 }).map((words) => words.join(" "));
    assert(
      property(text, (body) => {
        const chunks = chunkText(body);
        const all = chunks.map((chunk) => chunk.text).join(" ");
        for (const part of body.split(" ").filter(Boolean)) expect(all).toContain(part);
        for (const chunk of chunks) expect(chunk.text.length).toBeLessThan(2100);
        expect(chunkText(body)).toEqual(chunks);
      }),
      { numRuns: 60 },
    );
  });

  test("overlap, so that an answer across a cut is found", () => {
    const sentences = Array.from({ length: 40 }, (_, index) => `Sentence number ${index} says something about boats.`).join(" ");
    const [first, second] = chunkText(sentences);
    expect(second?.text.slice(0, 60)).not.toBe("");
    expect(first?.text).toContain(second?.text.slice(0, 60));
  });

  test("cut what has no sentences", () => {
    assert(property(integer({ min: 1, max: 5000 }), (length) => chunkText("a".repeat(length)).length > 0), { numRuns: 20 });
    expect(chunkText("  \n ")).toEqual([]);
  });
});
