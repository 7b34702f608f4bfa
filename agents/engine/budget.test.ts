import { array, assert, integer, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { type Ledger, overspending, reserve, settleCall } from "#/agents/engine/budget.ts";

const empty: Ledger = { used: { tokens: 0, costUsd: 0 }, reserved: {} };

test("calls that are reserved for can never go over the limit together, whatever order they end in", () => {
  const calls = array(tuple(integer({ min: 1, max: 50 }), integer({ min: 0, max: 100 })), { maxLength: 30 });
  assert(
    property(calls, integer({ min: 0, max: 300 }), (asked, most) => {
      let ledger = empty;
      const open: { key: string; tokens: number }[] = [];
      for (const [index, [tokens, share]] of asked.entries()) {
        const call = { tokens, costUsd: 0 };
        if (overspending(ledger, call, { maxTokens: most })) continue;
        ledger = reserve(ledger, String(index), call);
        open.push({ key: String(index), tokens: Math.floor((tokens * share) / 100) });
        if (share % 2 === 0) {
          const done = open.shift();
          if (done) ledger = settleCall(ledger, done.key, { tokens: done.tokens, costUsd: 0 });
        }
      }
      for (const { key, tokens } of open) ledger = settleCall(ledger, key, { tokens, costUsd: 0 });
      expect(ledger.used.tokens).toBeLessThanOrEqual(most);
      expect(ledger.reserved).toEqual({});
    }),
  );
});

test("a refusal names the limit, what was used and what it is", () => {
  const ledger = { used: { tokens: 90, costUsd: 0.5 }, reserved: {} };
  expect(overspending(ledger, { tokens: 20, costUsd: 0 }, { maxTokens: 100 })).toEqual({
    scope: "run",
    limit: "maxTokens",
    most: 100,
    used: 90,
  });
  expect(overspending(ledger, { tokens: 0, costUsd: 0.6 }, { maxCostUsd: 1 })).toMatchObject({
    limit: "maxCostUsd",
  });
  expect(overspending(ledger, { tokens: 1e9, costUsd: 1e9 }, {})).toBeUndefined();
});
