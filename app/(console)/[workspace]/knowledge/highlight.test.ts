import { expect, test } from "vitest";
import { splitByWords } from "./highlight.ts";

const marked = (text: string, query: string) =>
  splitByWords(text, query)
    .map(({ text: piece, isMatch }) => (isMatch ? `<${piece}>` : piece))
    .join("");

test("marks words that begin like those of the query, and no short ones", () => {
  expect(marked("Credits are paid to the customer.", "When is a credit due to customers?")).toBe(
    "<Credits> are paid to the customer.",
  );
});

test("takes signs in the query as they are", () => {
  expect(marked("What (exactly)?", "(exactly)+*")).toBe("What (<exactly>)?");
});

test("keeps the whole text when nothing matches", () => {
  expect(marked("Nothing here", "of")).toBe("Nothing here");
});
