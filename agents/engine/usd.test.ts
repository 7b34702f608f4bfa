import { array, assert, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { overspending, reserve, settleCall } from "#/agents/engine/budget.ts";
import { sumUsd } from "#/agents/engine/usd.ts";

test("sums of money are exact to the billionth of a dollar, in any order", () => {
  const amounts = array(integer({ min: 0, max: 5_000_000_000 }), { maxLength: 200 });
  assert(
    property(amounts, (parts) => {
      const exact = parts.reduce((sum, part) => sum + part, 0) / 1e9;
      expect(sumUsd(...parts.map((part) => part / 1e9))).toBe(exact);
      expect(sumUsd(...parts.toReversed().map((part) => part / 1e9))).toBe(exact);
    }),
  );
});

test("calls that fit a limit to the cent are made, however they add up", () => {
  let ledger = { used: { tokens: 0, costUsd: 0 }, reserved: {} };
  const call = { tokens: 1, costUsd: 0.1 };
  for (const key of ["a", "b", "c"]) {
    expect(overspending(ledger, call, { maxCostUsd: 0.3 })).toBeUndefined();
    ledger = settleCall(reserve(ledger, key, call), key, call);
  }
  expect(ledger.used.costUsd).toBe(0.3);
  expect(overspending(ledger, call, { maxCostUsd: 0.3 })).toMatchObject({ used: 0.3 });
});
