import { expect, test } from "vitest";
import { readGiven } from "./step-facts.ts";

const QUESTION = {
  subject: "budget",
  title: "Budget reached: $0.01. Go on?",
  shown: { limit: "$0.01" },
  actions: ["raise", "stop"],
  form: { type: "object", properties: { maxCostUsd: { type: "number", title: "New limit, in US dollars" } } },
};
const ASKED = {
  title: QUESTION.title,
  shown: QUESTION.shown,
  actions: QUESTION.actions,
  form: QUESTION.form,
};
const line = (kind: "model" | "approval", status: "waiting" | "succeeded", input: unknown) => ({
  kind,
  status,
  input,
});

test("what a step has asked a person is told as a question, and not as what it was given", () => {
  const waiting = line("model", "waiting", QUESTION);
  expect(readGiven([waiting])).toEqual({ input: undefined, asked: ASKED });
  const prompt = { prompt: "Write a letter" };
  expect(readGiven([waiting, line("model", "succeeded", prompt)])).toEqual({ input: prompt, asked: ASKED });
  expect(readGiven([line("approval", "succeeded", QUESTION)])).toEqual({ input: undefined, asked: ASKED });
});

test("what a step was given is not taken for a question, whatever its names are", () => {
  const given = { title: "A title", actions: ["one"] };
  expect(readGiven([line("model", "succeeded", given)])).toEqual({ input: given, asked: undefined });
  const event = { event: "paid" };
  expect(readGiven([line("model", "waiting", event)])).toEqual({ input: event, asked: undefined });
});
