import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  option,
  property,
  record,
} from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outcome, Wait } from "#/agents/engine/run.ts";
import { settle, USED_UP } from "#/agents/engine/settle.ts";

const BUDGET = { budgetMs: 20_000, limit: 25 };
const FIRST = { elapsedMs: 5, supersteps: 1, attempt: 0, step: 0, maxSteps: 100 };
const approval: Wait = { id: "a", kind: "approval", step: "approve" };

describe("settle", () => {
  test("continues in the same invocation while the budget lasts", () => {
    expect(settle({ kind: "progressed" }, FIRST, BUDGET)).toMatchObject({
      status: "running",
      keepLease: true,
      supersteps: 1,
      attempt: 0,
    });
  });

  test("hands over when the time or the number of supersteps is used up", () => {
    expect(settle({ kind: "progressed" }, { ...FIRST, elapsedMs: 20_000 }, BUDGET)).toMatchObject({
      status: "running",
      keepLease: false,
      dueInMs: 0,
    });
    expect(settle({ kind: "progressed" }, { ...FIRST, supersteps: 25 }, BUDGET).keepLease).toBe(false);
  });

  test("a finished run keeps its output and no lease", () => {
    expect(settle({ kind: "finished", output: { a: 1 } }, FIRST, BUDGET)).toMatchObject({
      status: "succeeded",
      output: { a: 1 },
      keepLease: false,
    });
  });

  test("a run that waits for a person only is never due by itself", () => {
    expect(
      settle({ kind: "waiting", waits: [approval], on: ["approval"], ran: true }, FIRST, BUDGET),
    ).toMatchObject({ status: "waiting", waitingOn: "approval", dueInMs: null, supersteps: 1 });
  });

  test("of several waits, also since earlier, the person's names the state and the earliest makes it due", () => {
    const waits: Wait[] = [{ id: "t", kind: "timer", step: "nap", dueInMs: 500 }];
    expect(
      settle({ kind: "waiting", waits, on: ["timer", "approval", "retry"], ran: true }, FIRST, BUDGET),
    ).toMatchObject({ waitingOn: "approval", dueInMs: null });
  });

  test("a run that was looked at and had nothing to do has taken no step", () => {
    expect(settle({ kind: "waiting", waits: [], on: ["timer"], ran: false }, FIRST, BUDGET)).toMatchObject({
      status: "waiting",
      waitingOn: "timer",
      supersteps: 0,
    });
  });

  test("a run that waits for next tries only is retrying, and says why", () => {
    const error = { code: "model-unavailable", message: "503" };
    expect(
      settle({ kind: "waiting", waits: [], on: ["retry", "retry"], ran: true, error }, FIRST, BUDGET),
    ).toMatchObject({ status: "retrying", waitingOn: null, dueInMs: null, error });
  });

  test("continues beside what it has begun to wait for", () => {
    expect(settle({ kind: "progressed", waits: [approval] }, FIRST, BUDGET)).toMatchObject({
      status: "running",
      keepLease: true,
      waits: [approval],
    });
    expect(settle({ kind: "progressed", waits: [approval] }, FIRST, USED_UP)).toMatchObject({
      status: "running",
      keepLease: false,
      dueInMs: 0,
      waits: [approval],
    });
  });

  test("a retry counts the attempt and repeats the superstep", () => {
    const error = { code: "model-unavailable", message: "503" };
    const outcome = { kind: "retry", error, afterMs: 1500, waits: [approval] } as const;
    expect(settle(outcome, { ...FIRST, attempt: 2 }, BUDGET)).toMatchObject({
      status: "retrying",
      attempt: 3,
      dueInMs: 1500,
      supersteps: 0,
      error,
      waits: [approval],
    });
  });
});

const error = { code: "broken", message: "It broke." };
const anyWait = record({
  id: constantFrom("a", "b"),
  kind: constantFrom("approval", "timer", "event", "child"),
  step: constantFrom("s"),
  dueInMs: option(integer({ min: 0, max: 1e9 }), { nil: undefined }),
});
const anyWaitedFor = constantFrom("approval", "timer", "event", "child", "retry");
const anyOutcome = oneof(
  constantFrom<Outcome>({ kind: "progressed" }, { kind: "finished", output: 1 }),
  constantFrom("failed", "timed_out", "cancelled").map((status): Outcome => ({
    kind: "failed",
    error,
    status,
  })),
  record({
    kind: constant("waiting" as const),
    error: constant(error),
    waits: array(anyWait, { maxLength: 4 }),
    on: array(anyWaitedFor, { minLength: 1, maxLength: 4 }),
    ran: boolean(),
  }),
  record({
    kind: constant("retry" as const),
    error: constant(error),
    afterMs: integer({ min: 0, max: 1e6 }),
    waits: array(anyWait, { maxLength: 2 }),
  }),
);
const anyProgress = record({
  elapsedMs: integer({ min: 0, max: 60_000 }),
  supersteps: integer({ min: 1, max: 40 }),
  attempt: integer({ min: 0, max: 9 }),
  step: integer({ min: 0, max: 120 }),
  maxSteps: integer({ min: 1, max: 100 }),
});
const ENDED: ReadonlySet<string> = new Set(["succeeded", "failed", "timed_out", "cancelled"]);

describe("settle, whatever happened", () => {
  test("keeps the run only while there is more to do, within the budget and the limit of steps", () => {
    assert(
      property(anyOutcome, anyProgress, (outcome, progress) => {
        const { keepLease, status } = settle(outcome, progress, BUDGET);
        const mayGoOn =
          outcome.kind === "progressed" &&
          progress.elapsedMs < BUDGET.budgetMs &&
          progress.supersteps < BUDGET.limit &&
          progress.step + 1 < progress.maxSteps;
        expect(keepLease).toBe(mayGoOn);
        expect(!keepLease || status === "running").toBe(true);
      }),
    );
  });

  test("leaves nobody behind: a run has ended, is due by itself, or waits for what is stored with it", () => {
    assert(
      property(anyOutcome, anyProgress, (outcome, progress) => {
        const { status, dueInMs, waitingOn } = settle(outcome, progress, BUDGET);
        const isHeld = outcome.kind === "waiting" && outcome.on.length > 0;
        expect(ENDED.has(status) || dueInMs !== null || isHeld).toBe(true);
        expect(waitingOn !== null).toBe(status === "waiting");
        const isTriedAgain =
          outcome.kind === "retry" ||
          (outcome.kind === "waiting" && outcome.on.every((on) => on === "retry"));
        expect(status === "retrying").toBe(isTriedAgain);
      }),
    );
  });

  test("counts a superstep when it is done, and a try when it is not; only what failed has an error", () => {
    assert(
      property(anyOutcome, anyProgress, (outcome, progress) => {
        const settlement = settle(outcome, progress, BUDGET);
        const isOver = outcome.kind === "progressed" && progress.step + 1 >= progress.maxSteps;
        expect(settlement.supersteps).toBe(
          (outcome.kind === "progressed" && !isOver) ||
            outcome.kind === "finished" ||
            (outcome.kind === "waiting" && outcome.ran)
            ? 1
            : 0,
        );
        expect(settlement.attempt).toBe(outcome.kind === "retry" ? progress.attempt + 1 : 0);
        expect(settlement.error !== null).toBe(
          outcome.kind === "failed" || settlement.status === "retrying" || isOver,
        );
      }),
    );
  });
});
