import { expect, test } from "vitest";
import { listMessages } from "./messages.ts";

const told = (turn: Parameters<typeof listMessages>[0]) =>
  listMessages(turn).map(({ who, value, files }) => [who, value, files.map(({ name }) => name)]);

test("a call's messages are told in their order, with the files that were shown at each", () => {
  const input = {
    instructions: "Be brief.",
    messages: [
      { role: "user", content: "And this?", files: ["lamp.png"] },
      { role: "assistant", content: "A lamp." },
    ],
    prompt: "What is this?",
    files: [{ name: "desk.png", bytes: 2_048, contentType: "image/png" }],
  };
  expect(told({ input, output: { text: "A desk." }, model: "m" })).toEqual([
    ["Instructions", "Be brief.", []],
    ["Earlier question", "And this?", ["lamp.png"]],
    ["Earlier answer", "A lamp.", []],
    ["Asked", "What is this?", ["desk.png"]],
    ["m", "A desk.", []],
  ]);
});

test("a later turn has its answer alone, and what the log does not have is not shown", () => {
  expect(told({ input: null, output: "Done", model: null })).toEqual([["Model", "Done", []]]);
  expect(told({ input: { files: "{{ x }}" }, output: null, model: "m" })).toEqual([]);
});
