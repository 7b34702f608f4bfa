import { describe, expect, test } from "vitest";
import { defaultRetryDelayMs, evaluateRetryDelay } from "#/local/qstash/retry-delay.ts";

describe("a retry delay", () => {
  test.each([
    ["500", 0, 500],
    ["1000 * (1 + retried)", 2, 3000],
    ["max(1000, pow(2, retried) * 100)", 5, 3200],
    ["min(60000, 2000 * pow(2, retried))", 10, 60_000],
    ["10 - 4 - 3", 0, 3],
    ["2 + 3 * 4 % 5", 0, 4],
    ["floor(sqrt(17)) + ceil(0.2) + round(1.5) + abs(-3)", 0, 10],
    ["1e3", 0, 1000],
    ["-5", 0, 0],
  ])("%s after %i retries is %i ms", (source, retried, expected) => {
    expect(evaluateRetryDelay(source, retried)).toBe(expected);
  });

  test.each([
    "",
    "1 +",
    "process.exit()",
    "constructor(1)",
    "pow 2",
    "pow(2, 3",
    "(1))",
    "1 2",
    "retried()",
    "1 / 0",
    "a",
  ])("%j is refused", (source) => {
    expect(() => evaluateRetryDelay(source, 0)).toThrow(/retry delay/);
  });

  test("of QStash itself grows to a day", () => {
    expect([0, 1, 2, 9].map((retried) => Math.round(defaultRetryDelayMs(retried) / 1_000))).toEqual([
      12, 148, 1_808, 86_400,
    ]);
  });
});
