import * as fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines } from "#/app/_ui/line-diff.ts";

const told = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ added: "+", removed: "-", same: " " }[kind]}${text}`);

test("tells added, removed and kept lines in order", () => {
  expect(told("a\nb\nc\n", "a\nx\nc\nd\n")).toEqual([" a", "-b", "+x", " c", "+d"]);
});

test("sees no change in equal texts", () => {
  expect(told("a\nb", "a\nb\n")).toEqual([" a", " b"]);
});

test("sees all of a text in place of none", () => {
  expect(told("", "a\nb")).toEqual(["+a", "+b"]);
  expect(told("a\nb", "")).toEqual(["-a", "-b"]);
});

test("of any two texts, what is kept and removed is the one, and what is kept and added is the other", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before.join("\n"), after.join("\n"));
      const without = (left: string) => lines.filter(({ kind }) => kind !== left).map((line) => line.text);
      expect(without("added")).toEqual(before);
      expect(without("removed")).toEqual(after);
      expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
    }),
  );
});

test("long texts with nothing in common are one change, at once", () => {
  const long = (mark: string) => Array.from({ length: 20_000 }, (_, line) => `${mark}${line}`).join("\n");
  const kinds = diffLines(long("a"), long("b")).map(({ kind }) => kind);
  expect(kinds.lastIndexOf("removed")).toBe(19_999);
  expect(kinds.indexOf("added")).toBe(20_000);
});
