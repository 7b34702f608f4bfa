import { expect, test } from "vitest";
import { mergeDrafts } from "./merge.ts";

const base = `# ours
name: X
steps:
  ask: { type: approval, title: Go on? } # a person
  write: { type: llm, prompt: Write }
`;
const mine = base.replace("prompt: Write", "prompt: Write it"); // the writer

test("what only the other one has changed is taken, and comments stay", () => {
  const theirs = base.replace("title: Go on?", "title: Really?").replace("name: X", "name: Y");
  expect(mergeDrafts({ base, mine, theirs }, {})).toEqual({
    ok: true,
    text: mine.replace("title: Go on?", "title: Really?").replace("name: X", "name: Y"),
  });
});

test("a step that both have changed is chosen by a person", () => {
  const theirs = base.replace("prompt: Write", "prompt: Write less");
  expect(mergeDrafts({ base, mine, theirs }, {})).toEqual({
    ok: false,
    clashes: [{ part: "steps/write", title: "Step “Write”" }],
  });
  expect(mergeDrafts({ base, mine, theirs }, { "steps/write": "mine" })).toEqual({ ok: true, text: mine });
  expect(mergeDrafts({ base, mine, theirs }, { "steps/write": "theirs" })).toEqual({
    ok: true,
    text: theirs,
  });
});

test("the same change on both sides is none to choose, and a removed step goes", () => {
  expect(mergeDrafts({ base, mine, theirs: mine }, {})).toEqual({ ok: true, text: mine });
  const theirs = base.replace(/ {2}ask.*\n/, "");
  expect(mergeDrafts({ base, mine, theirs }, {})).toMatchObject({
    ok: true,
    text: expect.not.stringContaining("ask"),
  });
});

test("a text that cannot be read is kept or left as a whole", () => {
  expect(mergeDrafts({ base, mine: "a: [", theirs: base }, {})).toEqual({ ok: false, clashes: [] });
});
