import { expect, test } from "vitest";
import { parseText } from "#/agents/definition/format/parse.ts";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { type Exit, listSteps } from "./step-outline.ts";

function outlined(text: string) {
  const parsed = parseText(text);
  const checked = validateDefinition(parsed.ok ? parsed.document : undefined, { tools: [] });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  const written = ({ to, when }: Exit) => (when === undefined ? to : `${to} (${when})`);
  return listSteps(checked.definition).map(({ title, exits }) => [title].concat(exits.map(written)));
}

test("tells what comes next and on which condition", () => {
  const text = `format: cairn/v1
name: X
kind: graph
steps:
  write: { type: llm, title: Write it, prompt: Hello }
  ask: { type: approval, title: "Publish {{ state.write }}?" }
edges:
  - { from: start, to: write }
  - { from: write, to: ask }
  - { from: ask, when: [{ if: "state.ask.action == 'reject'", to: write }] }
`;
  expect(outlined(text)).toEqual([
    ["Start", "Write it"],
    ["Write it", "Ask"],
    ["Ask", "Write it (if state.ask.action == 'reject')", "End (otherwise)"],
  ]);
});

test("tells which steps are waited for and where a failure leads", () => {
  const text = `format: cairn/v1
name: X
kind: graph
steps:
  left: { type: llm, prompt: A, onError: { goto: mend } }
  right: { type: llm, prompt: B }
  third: { type: llm, prompt: B }
  both: { type: llm, prompt: C }
  taken: { type: llm, prompt: C }
  mend: { type: llm, prompt: D }
edges:
  - { from: start, to: left }
  - { from: start, to: right }
  - { from: start, to: third }
  - { from: [left, mend], to: taken, join: active }
  - { from: [right, third], to: both }
  - { from: [both, taken], to: end, join: each }
`;
  expect(outlined(text)).toEqual([
    ["Start", "Left", "Right", "Third"],
    ["Left", "Taken (with “Mend”, as far as they are taken)", "Mend (if it fails)"],
    ["Right", "Both (after “Third” too)"],
    ["Third", "Both (after “Right” too)"],
    ["Taken", "End"],
    ["Both", "End"],
    ["Mend", "Taken (with “Left”, as far as they are taken)"],
  ]);
});

test("a direct call is one step", () => {
  expect(outlined("format: cairn/v1\nname: X\nkind: direct\nprompt: Hello\n")).toEqual([
    ["Start", "Answer"],
    ["Answer", "End"],
  ]);
});
