import { describe, expect, test } from "vitest";
import { LIST_PRICES } from "#/agents/definition/check/list-prices.ts";
import { type DatedPrice, findPrice, pricesOn } from "#/agents/definition/check/model-prices.ts";

const listOn = (day: string, own: readonly DatedPrice[] = []) => ({
  prices: Object.fromEntries(pricesOn(day, [LIST_PRICES, own])),
  usualModels: { local: "qwen3", openai: "gpt-5" },
});

describe("the price of a model", () => {
  const own: readonly DatedPrice[] = [
    { model: "local/qwen3", since: "2025-01-01", input: 0.3, output: 0.9 },
    { model: "gpt-4o", since: "2025-01-01", input: 9, output: 9 },
    { model: "azure/gpt-4o", since: "2025-01-01", input: 7, output: 7 },
    { model: "claude-opus-4.6", since: "2025-01-01", input: 4, output: 4 },
  ];
  test.each([
    ["gpt-4o-mini", 0.15],
    ["gpt-4o-mini-2024-07-18", 0.15],
    ["gateway:anthropic/claude-opus-4.5", 5],
    ["anthropic/claude-sonnet-4-5", 3],
    ["anthropic/claude-sonnet-4-5-20250929", 3],
    ["vertex/claude-haiku-4-5@20251001", 1],
    // Another size or another version is another model.
    ["gpt-5-pro", undefined],
    ["gpt-5.2", undefined],
    ["o3-mini", undefined],
    ["claude-opus-4-9", undefined],
    ["local/qwen3", 0.3],
    ["local/qwen3:8b", 0.3],
    // A connection alone stands for its usual model.
    ["local", 0.3],
    ["openai", 1.25],
    // A name without a connection covers the model everywhere, and one with a connection comes before it.
    ["openrouter/gpt-4o", 9],
    ["azure/gpt-4o", 7],
    ["gateway:anthropic/claude-opus-4.6", 4],
    ["gateway:openai/gpt-4o", 9],
    ["elsewhere/qwen3", undefined],
    ["gpt-4other", undefined],
    ["", undefined],
  ])("%s is %s dollars for a million input tokens", (name, input) => {
    expect(findPrice(name, listOn("2026-12-01", own))?.input).toBe(input);
  });

  test("is that of the day: the newest that has begun, and one of the workspace before any of a maker", () => {
    const o3 = (day: string, prices: readonly DatedPrice[] = []) =>
      findPrice("o3", listOn(day, prices))?.input;
    expect([o3("2025-04-15"), o3("2025-04-16"), o3("2025-06-09"), o3("2025-06-10")]).toEqual([
      undefined,
      10,
      10,
      2,
    ]);
    const agreed = [
      { model: "o3", since: "2025-05-01", input: 4, output: 16 },
      { model: "o3", since: "2025-07-01", input: 1, output: 4 },
    ];
    expect(["2025-04-30", "2025-05-01", "2025-06-30", "2025-07-01"].map((day) => o3(day, agreed))).toEqual([
      10, 4, 4, 1,
    ]);
    expect(o3("2025-07-01", agreed.toReversed())).toBe(1);
  });
});
