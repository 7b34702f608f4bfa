import { expect, test } from "vitest";
import { compareFiles } from "./compare-files.ts";

test("files that were added, removed and changed are listed by their paths, an empty one among them", () => {
  const before = { "SKILL.md": "a", "old.md": "x", "same.md": "s" };
  const after = { "SKILL.md": "b", "same.md": "s", "empty.md": "" };
  expect(compareFiles(before, after)).toEqual([
    { path: "SKILL.md", kind: "changed", before: "a", after: "b" },
    { path: "empty.md", kind: "added", before: "", after: "" },
    { path: "old.md", kind: "removed", before: "x", after: "" },
  ]);
});
