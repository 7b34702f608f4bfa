import { expect, test } from "vitest";
import type { RunSummary, StepLog } from "#/operations/runs/contract.ts";
import { applyBelow, mergeLines, NOTHING_BELOW } from "./below.ts";

const line = (seq: number) => ({ seq, step: "call" }) as StepLog;
const numbers = (lines: readonly StepLog[] | undefined) => lines?.map(({ seq }) => seq);
const step = (runId: string, seq: number) => ({
  type: "childStep" as const,
  data: { runId, path: [], line: line(seq) },
});
const child = (runId: string, status: RunSummary["status"]) => ({
  type: "child" as const,
  data: { runId, path: [], run: { id: runId, status } as RunSummary },
});

test("keeps the lines of each run in order and once, however often a connection brings them", () => {
  const seen = [step("a", 1), step("b", 1), child("a", "running"), step("a", 2)];
  const below = applyBelow(applyBelow(NOTHING_BELOW, seen), [
    ...seen,
    step("a", 4),
    step("a", 3),
    child("a", "succeeded"),
  ]);
  expect(numbers(below.lines.get("a"))).toEqual([1, 2, 3, 4]);
  expect(numbers(below.lines.get("b"))).toEqual([1]);
  expect(below.runs.get("a")?.status).toBe("succeeded");
});

test("joins what was read with what has come meanwhile", () => {
  expect(numbers(mergeLines([line(1), line(2), line(3)], [line(3), line(4)]))).toEqual([1, 2, 3, 4]);
  expect(numbers(mergeLines([], [line(7)]))).toEqual([7]);
  expect(numbers(mergeLines([line(1)], []))).toEqual([1]);
});
