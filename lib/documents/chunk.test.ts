import { array, assert, constantFrom, integer, property, string, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { chunkText } from "#/lib/documents/chunk.ts";

/** Text of numbered words, so that each occurs once, with what a document has between words. */
const prose = array(
  tuple(string({ minLength: 1, maxLength: 40 }), constantFrom(" ", ", ", ". ", "\n", "\n\n", "? ")),
  { minLength: 1, maxLength: 600 },
).map((words) =>
  words.map(([word, gap], place) => `w${place}${word.replaceAll(/[\s#`]/gu, "x")}${gap}`).join(""),
);
const squeezed = (text: string) => text.replaceAll(/\s+/gu, "");

describe("passages", () => {
  test("carry the headings they stand under", () => {
    const chunks = chunkText("# Report\nIntro.\n\n## Cause\nA certificate expired.\n\n# Other\nText.");
    expect(chunks).toEqual([
      { position: 1, text: "Report\nIntro." },
      { position: 2, text: "Report › Cause\nA certificate expired." },
      { position: 3, text: "Other\nText." },
    ]);
  });

  test("cover the whole text in order, and stay small", () => {
    assert(
      property(prose, (text) => {
        const whole = squeezed(text);
        let covered = 0;
        for (const [index, chunk] of chunkText(text).entries()) {
          const piece = squeezed(chunk.text);
          const at = whole.indexOf(piece);
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(covered);
          covered = at + piece.length;
          expect(chunk.position).toBe(index + 1);
          expect(chunk.text.length).toBeLessThanOrEqual(900 + 120);
        }
        expect(covered).toBe(whole.length);
      }),
      { numRuns: 200 },
    );
  });

  test("are the same each time, whatever the text, and never half a character", () => {
    assert(
      property(string({ unit: "binary", maxLength: 4000 }), (text) => {
        const chunks = chunkText(text);
        expect(chunkText(text)).toEqual(chunks);
        for (const chunk of chunks) expect(chunk.text.isWellFormed()).toBe(true);
      }),
    );
    for (const { text } of chunkText("😀".repeat(3000))) expect(text.isWellFormed()).toBe(true);
  });

  test("overlap, so that an answer across a cut is found", () => {
    const sentences = Array.from(
      { length: 40 },
      (_, index) => `Sentence number ${index} says something about boats.`,
    ).join(" ");
    const [first, second] = chunkText(sentences);
    expect(second?.text.length).toBeGreaterThan(60);
    expect(first?.text).toContain(second?.text.slice(0, 60));
  });

  test("end with a paragraph where they can", () => {
    const paragraphs = ["a", "b", "c"].map((letter) => `${letter.repeat(5)} `.repeat(80).trim());
    const [first] = chunkText(paragraphs.join("\n\n"));
    expect(first?.text).toBe(paragraphs[0]);
  });

  test("end with a word where there is no sentence, and are cut where there is no word", () => {
    for (const { text } of chunkText("word ".repeat(1000))) expect(text).toMatch(/^word .* word$|^word/);
    for (const { text } of chunkText("word ".repeat(1000))) expect(text).toMatch(/word$/);
    assert(
      property(integer({ min: 1, max: 5000 }), (length) => chunkText("a".repeat(length)).length > 0),
      { numRuns: 20 },
    );
    expect(chunkText("  \n ")).toEqual([]);
  });

  test("keep headings that have no text, and leave code alone", () => {
    expect(
      chunkText("# Agenda\n## Budget\n## Hiring\nTwo engineers.\n# End").map(({ text }) => text),
    ).toEqual(["Agenda › Budget", "Agenda › Hiring\nTwo engineers.", "End"]);
    expect(chunkText("# Setup\n```sh\n# install\nnpm start\n```")).toEqual([
      { position: 1, text: "Setup\n```sh\n# install\nnpm start\n```" },
    ]);
    expect(chunkText(`# ${"long ".repeat(60)}`)[0]?.text).toMatch(/^# long/);
  });
});
