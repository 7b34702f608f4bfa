import { expect, test } from "vitest";
import { fitWords, splitWords } from "./fit-words.ts";

const fit = (label: string, typed: string, also?: string) => fitWords(label, splitWords(typed), also);
const marked = (label: string, typed: string) =>
  fit(label, typed)?.marks.map(([start, end]) => label.slice(start, end));

test("each word must be found, in whatever order, and is marked where it stands", () => {
  expect(marked("Support triage", "tri sup")).toEqual(["Sup", "tri"]);
  expect(fit("Support triage", "support invoice")).toBe(undefined);
});

test("the start of the label counts more than the start of a word, that more than the inside of one", () => {
  const scores = ["Run again", "Start a run", "Truncated"].map((label) => fit(label, "run")?.score ?? 0);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(new Set(scores).size).toBe(3);
});

test("of two that fit alike the shorter one comes first", () => {
  expect(fit("Runs", "run")?.score).toBeGreaterThan(fit("Runs that failed", "run")?.score ?? 0);
});

test("other words for it find it too, but count less and are not marked", () => {
  expect(fit("API keys", "token", "create token")?.marks).toEqual([]);
  expect(fit("API keys", "oken", "create token")).toBe(undefined);
  expect(fit("API keys", "token", "token")?.score).toBeLessThan(fit("Tokens", "token")?.score ?? 0);
});

test("accents and capitals do not matter, and marks stay where they are", () => {
  expect(marked("Überweisung prüfen", "uber PRU")).toEqual(["Über", "prü"]);
  expect(marked("Straße 😀 frei", "frei")).toEqual(["frei"]);
});

test("marks that touch are one", () => {
  expect(marked("Runs", "ru run")).toEqual(["Run"]);
});

test("without words everything fits, unmarked", () => {
  expect(fit("Runs", "  ")?.marks).toEqual([]);
});
