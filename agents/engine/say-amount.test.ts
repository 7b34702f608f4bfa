import { expect, test } from "vitest";
import { sayAmount, sayUsd } from "#/agents/engine/say-amount.ts";

test("an amount is said in its unit", () => {
  expect(sayAmount("maxTokens", 1_200)).toBe("1,200 tokens");
  expect([0, 2, 1_250.5, 1.239, 0.25, 0.0042, 0.12345].map((usd) => sayAmount("maxCostUsd", usd))).toEqual([
    "$0.00",
    "$2.00",
    "$1,250.50",
    "$1.24",
    "$0.25",
    "$0.0042",
    "$0.1235",
  ]);
});

test("an amount that is small is not said to be nothing", () => {
  expect([0.000_42, 0.0001, 0.000_099_99, 0.000_012_34, 0.000_006, 4.2e-7, 1e-30].map(sayUsd)).toEqual([
    "$0.00042",
    "$0.0001",
    "$0.0001",
    "$0.000012",
    "$0.000006",
    "$0.00000042",
    "$0.00",
  ]);
});
