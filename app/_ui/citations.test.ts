import * as fc from "fast-check";
import { expect, test } from "vitest";
import { markCitations, splitAtCitations } from "#/app/_ui/citations.ts";

const cited = (document: string, passage: number) =>
  `<citation document="${document}" passage="${passage}">${document}#${passage}</citation>`;

test("a citation becomes an element, wherever it stands in a sentence", () => {
  expect(markCitations("Ten percent. [support-policy.md#2] And more [faq.pdf#11].")).toBe(
    `Ten percent. ${cited("support-policy.md", 2)} And more ${cited("faq.pdf", 11)}.`,
  );
});

test("what a name has of HTML stays text", () => {
  expect(markCitations('[a"b&c.md#1]')).toBe(cited("a&quot;b&amp;c.md", 1));
  expect(markCitations("[<img src=x>#1]")).toBe("[<img src=x>#1]");
});

test("code, links and other brackets are left as they are", () => {
  for (const text of [
    "`[a.md#1]`",
    "```\n[a.md#1]\n```",
    "```\n[a.md#1] still open",
    "[a.md#1](https://a.test)",
    "[a.md]",
    "[#1]",
    "[a\nb#1]",
  ])
    expect(markCitations(text)).toBe(text);
});

test("a text is split at its citations, and at nothing that only looks like one", () => {
  expect(splitAtCitations("Ten percent. [support-policy.md#2] And `[a.md#1]` more [faq.pdf#11]")).toEqual([
    "Ten percent. ",
    { document: "support-policy.md", passage: "2" },
    " And `[a.md#1]` more ",
    { document: "faq.pdf", passage: "11" },
  ]);
  const piece = fc.constantFrom("[a.md#1]", "[b#22]", "`", "```", "[", "]", "#", "(", "\n", "word ");
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const parts = splitAtCitations(pieces.join(""));
      const joined = parts.map((part) =>
        typeof part === "string" ? part : `[${part.document}#${part.passage}]`,
      );
      expect(joined.join("")).toBe(pieces.join(""));
    }),
  );
});
