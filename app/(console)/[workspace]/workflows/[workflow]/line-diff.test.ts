import { expect, test } from "vitest";
import { diffLines } from "./line-diff.ts";

const told = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ added: "+", removed: "-", same: " " }[kind]}${text}`);

test("tells added, removed and kept lines in order", () => {
  expect(told("a\nb\nc\n", "a\nx\nc\nd\n")).toEqual([" a", "-b", "+x", " c", "+d"]);
});

test("sees no change in equal texts", () => {
  expect(told("a\nb", "a\nb\n")).toEqual([" a", " b"]);
});
