import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { PriceList } from "#/agents/definition/check/model-prices.ts";
import { computeCost } from "#/agents/models/model-use.ts";
import { findPriceChange } from "#/agents/models/price-change.ts";

const at = (input: number, output: number, cachedInput?: number): PriceList => ({
  prices: { "acme/one": { input, output, cachedInput } },
  usualModels: {},
});
const use = (model: string, costUsd: number) => ({ model, inputTokens: 3_000, outputTokens: 1_000, costUsd });

test("a price that has risen tenfold makes a token dearer by nine times what it cost", () => {
  const paid = use("acme/one", 0.01);
  expect(findPriceChange([paid], at(20, 40))).toBeCloseTo(0.09 / 4_000, 12);
});

test("a price that has fallen makes it cheaper", () => {
  expect(findPriceChange([use("acme/one", 0.1)], at(2, 4))).toBeCloseTo(-0.09 / 4_000, 12);
});

test("a model that had no price costs what it costs by now, also where its tokens were estimated", () => {
  const paid = use("acme/one (tokens estimated)", 0);
  expect(findPriceChange([paid], at(2, 4))).toBeCloseTo(0.01 / 4_000, 12);
});

test("a model that nobody has a price of any more is taken for what it cost", () => {
  expect(findPriceChange([use("acme/two", 0.5)], at(2, 4))).toBe(0);
});

test("without a token there is no change", () => {
  const nothing = { model: "acme/one", inputTokens: 0, outputTokens: 0, costUsd: 0 };
  expect(findPriceChange([nothing], at(2, 4))).toBe(0);
  expect(findPriceChange([], at(2, 4))).toBe(0);
});

test("as long as a price stays, nothing is reckoned anew, however much of the input was cached", () => {
  const price = fc.double({ min: 0, max: 100, noNaN: true });
  const calls = fc.array(fc.record({ input: fc.nat(200_000), share: fc.nat(100), output: fc.nat(20_000) }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(price, price, price, calls, (input, output, cached, made) => {
      const today = at(input, output, Math.min(input, cached));
      const [known] = Object.values(today.prices);
      const costUsd = made.reduce((sum, call) => {
        const cachedTokens = Math.floor((call.input * call.share) / 100);
        const counted = { inputTokens: call.input, cachedTokens, outputTokens: call.output };
        return sum + computeCost(known, counted);
      }, 0);
      const inputTokens = made.reduce((sum, call) => sum + call.input, 0);
      const outputTokens = made.reduce((sum, call) => sum + call.output, 0);
      expect(findPriceChange([{ model: "acme/one", inputTokens, outputTokens, costUsd }], today)).toBe(0);
    }),
  );
});
