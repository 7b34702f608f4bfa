import * as fc from "fast-check";
import { expect, test } from "vitest";
import { estimateRun } from "#/agents/engine/estimate.ts";

const costs = (...all: readonly number[]) => all.map((tokens) => ({ tokens, costUsd: tokens / 100 }));

test("nothing is known of a workflow that never ran", () => {
  expect(estimateRun([])).toEqual({ runs: 0, typical: null, high: null });
});

test("half of the runs used no more than is typical, nine of ten no more than is high", () => {
  expect(estimateRun(costs(9, 1, 2, 3, 4, 5, 6, 7, 8, 100))).toEqual({
    runs: 10,
    typical: { tokens: 5, costUsd: 0.05 },
    high: { tokens: 9, costUsd: 0.09 },
  });
});

test("one run is all that is known", () => {
  expect(estimateRun(costs(7))).toMatchObject({ typical: { tokens: 7 }, high: { tokens: 7 } });
});

test("an estimate is never beyond what some run has used, and high is never below typical", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 1e9 }), { minLength: 1, maxLength: 60 }), (all) => {
      const { typical, high } = estimateRun(costs(...all));
      expect(all).toContain(typical?.tokens);
      expect(high?.tokens).toBeGreaterThanOrEqual(typical?.tokens ?? Infinity);
    }),
  );
});
