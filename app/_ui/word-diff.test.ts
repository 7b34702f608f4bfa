import { expect, test } from "vitest";
import { diffWords, shortenCommon } from "./word-diff.ts";

const marked = (pieces: readonly { readonly text: string; readonly isCommon: boolean }[]) =>
  pieces.map(({ text, isCommon }) => (isCommon ? text : `[${text}]`)).join("");

test("the words that went and the words that came are marked, and the rest is not", () => {
  const { before, after } = diffWords(
    "We refunded both charges. It takes 3 days.",
    "We refunded the second. It takes 3 days.",
  );
  expect(marked(before)).toBe("We refunded [both charges. ]It takes 3 days.");
  expect(marked(after)).toBe("We refunded [the second. ]It takes 3 days.");
});

test("equal texts have nothing marked, an emptied one has everything", () => {
  expect(diffWords("a b", "a b").before).toEqual([{ text: "a b", isCommon: true, at: 0 }]);
  expect(diffWords("a b", "")).toEqual({ before: [{ text: "a b", isCommon: false, at: 0 }], after: [] });
});

test("both texts can be read whole from their pieces, also very long ones", () => {
  const [long, other] = ["word ".repeat(2_000), "else ".repeat(2_000)];
  for (const [one, two] of [
    [long, other],
    ["a\n b  c", "a\n c"],
  ] as const) {
    const { before, after } = diffWords(one, two);
    expect(before.map(({ text }) => text).join("")).toBe(one);
    expect(after.map(({ text }) => text).join("")).toBe(two);
  }
});

test("what is common is shortened between changes and around them, and no change is", () => {
  const long = "same ".repeat(100);
  const { after } = diffWords(`${long}a ${long}`, `${long}b ${long}`);
  const shown = shortenCommon(after);
  expect(marked(shown)).toMatch(/^ … (same ){16}\[b \](same ){16} … $/);
  expect(shortenCommon(diffWords("a b", "a c").after)).toEqual(diffWords("a b", "a c").after);
});
