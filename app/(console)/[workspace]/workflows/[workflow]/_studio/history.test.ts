import { expect, test } from "vitest";
import { beginHistory, record, redo, undo } from "./history.ts";

test("goes back and forth, and a new text ends what could be done again", () => {
  const three = record(record(beginHistory("a"), "b"), "c");
  expect(undo(three).text).toBe("b");
  expect(undo(undo(undo(three))).text).toBe("a");
  expect(redo(undo(three)).text).toBe("c");
  expect(redo(record(undo(three), "d")).text).toBe("d");
});

test("what is typed in one go is undone in one go", () => {
  const typed = record(record(record(beginHistory(""), "a", 0), "ab", 300), "abc", 2_000);
  expect(undo(typed).text).toBe("ab");
  expect(undo(undo(typed)).text).toBe("");
});
