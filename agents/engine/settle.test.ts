import { describe, expect, test } from "vitest";
import type { Wait } from "#/agents/engine/run.ts";
import { settle } from "#/agents/engine/settle.ts";

const BUDGET = { budgetMs: 20_000, limit: 25 };
const FIRST = { elapsedMs: 5, supersteps: 1, attempt: 0, step: 0, maxSteps: 100 };
const approval: Wait = { id: "a", kind: "approval", step: "approve" };

describe("settle", () => {
  test("goes on in the same invocation while the budget lasts", () => {
    expect(settle({ kind: "progressed" }, FIRST, BUDGET)).toMatchObject({ status: "running", keepLease: true, supersteps: 1, attempt: 0 });
  });

  test("hands over when the time or the number of supersteps is used up", () => {
    expect(settle({ kind: "progressed" }, { ...FIRST, elapsedMs: 20_000 }, BUDGET)).toMatchObject({ status: "running", keepLease: false, dueInMs: 0 });
    expect(settle({ kind: "progressed" }, { ...FIRST, supersteps: 25 }, BUDGET).keepLease).toBe(false);
  });

  test("a finished run keeps its output and no lease", () => {
    expect(settle({ kind: "finished", output: { a: 1 } }, FIRST, BUDGET)).toMatchObject({ status: "succeeded", output: { a: 1 }, keepLease: false });
  });

  test("a run that waits for a person only is never due by itself", () => {
    expect(settle({ kind: "waiting", waits: [approval] }, FIRST, BUDGET)).toMatchObject({ status: "waiting", waitingOn: "approval", dueInMs: null, supersteps: 0 });
  });

  test("of several waits the person's names the state and the earliest time is due", () => {
    const waits: Wait[] = [{ id: "t", kind: "timer", step: "nap", dueInMs: 500 }, { ...approval, dueInMs: 9000 }];
    expect(settle({ kind: "waiting", waits }, FIRST, BUDGET)).toMatchObject({ waitingOn: "approval", dueInMs: 500 });
  });

  test("a retry counts the attempt and repeats the superstep", () => {
    const error = { code: "model-unavailable", message: "503" };
    const outcome = { kind: "retry", error, afterMs: 1500, waits: [] } as const;
    expect(settle(outcome, { ...FIRST, attempt: 2 }, BUDGET)).toMatchObject({ status: "retrying", attempt: 3, dueInMs: 1500, supersteps: 0, error });
  });
});
