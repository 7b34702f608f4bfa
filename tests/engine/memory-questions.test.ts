import { afterAll, beforeAll, expect, test } from "vitest";
import { listContenders } from "#/bench/memory/contenders.ts";
import { HISTORIES, KINDS } from "#/bench/memory/histories.ts";
import { meanTokens, rateMisled, rateRight, score, type Score } from "#/bench/memory/score.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { memoryOn } from "#/tests/support/memory.ts";

let engine: TestEngine;
const scores = new Map<string, Score>();

beforeAll(async () => {
  engine = await openEngine();
  for (const contender of await listContenders(engine, memoryOn(engine.tenant)))
    scores.set(contender.name, await score(contender));
});
afterAll(() => engine.close());

function scoreOf(name: string): Score {
  const found = scores.get(name);
  if (!found) throw new Error(`Nobody is named ${name}.`);
  return found;
}

test("there are at least 60 questions of every kind over at least ten long histories", () => {
  const questions = HISTORIES.flatMap((history) => history.questions);
  expect(HISTORIES.length).toBeGreaterThanOrEqual(10);
  expect(questions.length).toBeGreaterThanOrEqual(60);
  expect([...new Set(questions.map(({ kind }) => kind))].toSorted()).toEqual([...KINDS].toSorted());
  for (const { exchanges } of HISTORIES) expect(exchanges.length).toBeGreaterThanOrEqual(50);
});

test("a memory with a key tells what is needed, nothing that is out of date or somebody else's, at a twentieth of the history's tokens", () => {
  const own = scoreOf("memory with a key");
  for (const kind of KINDS)
    expect(rateRight(own, kind)).toBeGreaterThanOrEqual(kind === "recall" ? 0.6 : 0.95);
  expect(rateMisled(own)).toBe(0);
  expect(rateRight(own)).toBeGreaterThan(rateRight(scoreOf("no memory")) + 0.5);
  expect(meanTokens(own)).toBeLessThan(meanTokens(scoreOf("whole history of the person")) / 20);
});

test("without a key people's facts stand in each other's way, and are told to others", () => {
  const together = scoreOf("memory without a key");
  expect(rateRight(together)).toBeLessThan(rateRight(scoreOf("memory with a key")));
  expect(rateMisled(together)).toBeGreaterThan(0);
});
