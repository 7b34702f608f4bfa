import { expect, test } from "vitest";
import type { StepLog } from "#/operations/runs/contract.ts";
import { toForkAccount } from "./fork-account.ts";
import type { TimelineGroup } from "./timeline.ts";

function visit(step: string, supersteps: readonly number[], tokens = 0): TimelineGroup {
  const tries = supersteps.map((superstep) => {
    const log: StepLog = {
      seq: superstep,
      step,
      superstep,
      taskId: `${superstep}.${step}`,
      kind: "step",
      status: "succeeded",
      attempt: 1,
      input: null,
      output: null,
      error: null,
      startedAt: null,
      durationMs: 1,
      model: null,
      inputTokens: tokens,
      outputTokens: 0,
      costUsd: tokens / 1000,
      reused: false,
      at: "2026-11-22T10:00:00.000Z",
    };
    return log;
  });
  return {
    key: step,
    step,
    status: "succeeded",
    durationMs: 1,
    tasks: [{ taskId: step, tries, live: undefined }],
  };
}

test("what was done in earlier supersteps is kept, and what stood beside the step runs again", () => {
  const from = visit("write", [3], 50);
  const groups = [visit("research", [1, 2], 100), visit("check", [3], 10), from, visit("publish", [4])];
  expect(toForkAccount(groups, from)).toEqual({
    kept: ["research"],
    again: ["write", "check", "publish"],
    tokens: 200,
    costUsd: 0.2,
  });
});

test("of a step that is visited again, the visits before are kept", () => {
  const again = visit("draft", [3], 7);
  const groups = [visit("draft", [1], 5), visit("review", [2]), again];
  expect(toForkAccount(groups, again)).toMatchObject({
    kept: ["draft", "review"],
    again: ["draft"],
    tokens: 5,
  });
});

test("from the first step, nothing is kept", () => {
  const first = visit("draft", [1], 5);
  expect(toForkAccount([first, visit("review", [2])], first)).toEqual({
    kept: [],
    again: ["draft", "review"],
    tokens: 0,
    costUsd: 0,
  });
});
