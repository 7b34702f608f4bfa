import { array, assert, constantFrom, oneof, property, string } from "fast-check";
import { expect, test } from "vitest";
import { readNoteText } from "./note-text.ts";

test("titles, lists, bold, italic, code and links are read, anything else is text", () => {
  expect(readNoteText("# Why\n- **ask** *Grace*\n\n`a*b*` [docs](https://a.example/x) 2 * 3 * 4")).toEqual([
    { kind: "title", spans: [{ kind: "plain", text: "Why" }] },
    {
      kind: "item",
      spans: [
        { kind: "strong", text: "ask" },
        { kind: "plain", text: " " },
        { kind: "emphasis", text: "Grace" },
      ],
    },
    { kind: "gap", spans: [] },
    {
      kind: "text",
      spans: [
        { kind: "code", text: "a*b*" },
        { kind: "plain", text: " " },
        { kind: "link", text: "docs", href: "https://a.example/x" },
        { kind: "plain", text: " 2 * 3 * 4" },
      ],
    },
  ]);
});

test("nothing but a page of the web is a link", () => {
  for (const address of [
    "javascript:alert(1)",
    "data:text/html,x",
    "//a.example",
    "/x",
    " https://a.example",
  ])
    expect(readNoteText(`[go](${address})`)).toEqual([
      { kind: "text", spans: [{ kind: "plain", text: `[go](${address})` }] },
    ]);
});

test("whatever is written, every line is there, and every word of it in its order", () => {
  const part = oneof(
    constantFrom("*", "**", "`", "[", "](", ")", "https://a.example", "# ", "- ", "\n", "\r\n", " ", "a"),
    string(),
  );
  assert(
    property(array(part), (parts) => {
      const text = parts.join("");
      const lines = text.split(/\r\n|\r|\n/);
      const read = readNoteText(text);
      expect(read.length).toBe(lines.length);
      for (const [index, { spans }] of read.entries()) {
        let at = 0;
        for (const span of spans) {
          const found = (lines[index] ?? "").indexOf(span.text, at);
          expect(found).toBeGreaterThanOrEqual(at);
          at = found + span.text.length;
          expect(span.kind === "link" ? span.href : "https://").toMatch(/^https?:\/\//);
        }
      }
    }),
  );
});
