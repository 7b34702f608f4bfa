import { expect, test } from "vitest";
import { type Edit, indent, newLine, outdent } from "./indentation.ts";

/** A text in which [ and ] stand around what is selected, or | for the cursor. */
function edited(marked: string, edit: (text: string, selection: Edit["selected"]) => Edit): string {
  const text = marked.replaceAll(/[[\]|]/g, "");
  const cursor = marked.indexOf("|");
  const selection =
    cursor === -1
      ? { start: marked.indexOf("["), end: marked.indexOf("]") - 1 }
      : { start: cursor, end: cursor };
  const { replaced, text: put, selected } = edit(text, selection);
  const after = text.slice(0, replaced.start) + put + text.slice(replaced.end);
  if (selected.start === selected.end)
    return `${after.slice(0, selected.start)}|${after.slice(selected.start)}`;
  return `${after.slice(0, selected.start)}[${after.slice(selected.start, selected.end)}]${after.slice(selected.end)}`;
}

test("Tab puts two spaces at the cursor", () => {
  expect(edited("a: |b", indent)).toBe("a:   |b");
});

test("Tab moves every selected line and leaves empty ones empty", () => {
  expect(edited("a\nb[b\n\nc]c\nd", indent)).toBe("a\n[  bb\n\n  cc]\nd");
});

test("a line at whose start the selection ends stays where it is", () => {
  expect(edited("[a\nb\n]c", indent)).toBe("[  a\n  b]\nc");
});

test("Shift and Tab move lines to the left, as far as there are spaces", () => {
  expect(edited("[    a\n b\nc]", outdent)).toBe("[  a\nb\nc]");
});

test("Shift and Tab keep the cursor at its character", () => {
  expect(edited("x\n    a|b", outdent)).toBe("x\n  a|b");
  expect(edited("\n |  a", outdent)).toBe("\n| a");
});

test("Enter keeps the indentation, and goes further in after a key that opens a block", () => {
  expect(edited("  a: 1|", newLine)).toBe("  a: 1\n  |");
  expect(edited("  steps:|", newLine)).toBe("  steps:\n    |");
});

test("Enter after the head of a long text goes further in", () => {
  const head = "prompt: >-";
  expect(newLine(head, { start: head.length, end: head.length }).text).toBe("\n  ");
});
