import { expect, test } from "vitest";
import { readSkill } from "#/agents/skills/read-skill.ts";

const problemsOf = (text: string) => {
  const read = readSkill({ "SKILL.md": text });
  return read.ok ? [] : read.problems;
};

test("each mistake of the head has its field and its line in the whole text", () => {
  expect(problemsOf("---\nlicense: MIT\nname: Not A Name\n---\n")).toMatchObject([
    { path: "/name", line: 3 },
    { path: "/description", message: "is missing", line: undefined },
  ]);
  expect(problemsOf("---\nname: a\ndescription: [\n---\n")).toMatchObject([{ path: "", line: 3 }]);
  expect(problemsOf("---\nname: \ndescription: \n---\n")).toMatchObject([
    { path: "/name", message: "is missing", line: 2 },
    { path: "/description", message: "is missing", line: 3 },
  ]);
});

test("a field of the head that is no text is told to be that, and how it becomes one", () => {
  expect(problemsOf("---\nname: 12\ndescription: true\n---\n")).toEqual([
    { path: "/name", message: "must be a text: write it in quotes", line: 2 },
    { path: "/description", message: "must be a text: write it in quotes", line: 3 },
  ]);
  expect(problemsOf("---\nname: a\ndescription: [How, When]\n---\n")).toEqual([
    { path: "/description", message: "must be a text", line: 3 },
  ]);
});

test("a text without a head, with an empty one, and with a list for one say what is wanted", () => {
  for (const text of ["", "# Title", "---\n\n---\n", "---\n- a\n---\n"])
    expect(problemsOf(text).length, text).toBeGreaterThan(0);
  expect(problemsOf("---\n\n---\n").map(({ path }) => path)).toEqual(["/name", "/description"]);
});
