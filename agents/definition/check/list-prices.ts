import type { DatedPrice } from "#/agents/definition/check/model-prices.ts";

/**
 * The prices that makers of models ask, by the day from which they ask them. Only what a maker has published stands here; where its discount for cached input is not
 * certain, cached tokens count as others. A workspace's own prices come before these.
 */
export const LIST_PRICES: readonly DatedPrice[] = [
  { model: "gpt-4.1", since: "2025-04-14", input: 2, cachedInput: 0.5, output: 8 },
  { model: "gpt-4.1-mini", since: "2025-04-14", input: 0.4, cachedInput: 0.1, output: 1.6 },
  { model: "gpt-4.1-nano", since: "2025-04-14", input: 0.1, cachedInput: 0.025, output: 0.4 },
  { model: "gpt-4o", since: "2024-10-02", input: 2.5, cachedInput: 1.25, output: 10 },
  { model: "gpt-4o-mini", since: "2024-10-02", input: 0.15, cachedInput: 0.075, output: 0.6 },
  { model: "gpt-5", since: "2025-08-07", input: 1.25, cachedInput: 0.125, output: 10 },
  { model: "gpt-5-mini", since: "2025-08-07", input: 0.25, cachedInput: 0.025, output: 2 },
  { model: "gpt-5-nano", since: "2025-08-07", input: 0.05, cachedInput: 0.005, output: 0.4 },
  { model: "o3", since: "2025-04-16", input: 10, cachedInput: 2.5, output: 40 },
  { model: "o3", since: "2025-06-10", input: 2, cachedInput: 0.5, output: 8 },
  { model: "o4-mini", since: "2025-04-16", input: 1.1, cachedInput: 0.275, output: 4.4 },
  { model: "claude-3-5-haiku", since: "2024-12-03", input: 0.8, cachedInput: 0.08, output: 4 },
  { model: "claude-haiku-4", since: "2025-10-15", input: 1, cachedInput: 0.1, output: 5 },
  { model: "claude-sonnet-4", since: "2025-05-22", input: 3, cachedInput: 0.3, output: 15 },
  { model: "claude-opus-4", since: "2025-05-22", input: 15, cachedInput: 1.5, output: 75 },
  { model: "claude-opus-4-5", since: "2025-11-24", input: 5, cachedInput: 0.5, output: 25 },
  { model: "claude-opus-4.5", since: "2025-11-24", input: 5, cachedInput: 0.5, output: 25 },
  { model: "gemini-2.0-flash", since: "2025-02-05", input: 0.1, output: 0.4 },
  { model: "gemini-2.5-flash", since: "2025-06-17", input: 0.3, output: 2.5 },
  { model: "gemini-2.5-flash-lite", since: "2025-07-22", input: 0.1, output: 0.4 },
  { model: "gemini-2.5-pro", since: "2025-06-17", input: 1.25, output: 10 },
  { model: "mistral-large", since: "2024-11-18", input: 2, output: 6 },
  { model: "mistral-small", since: "2025-01-30", input: 0.1, output: 0.3 },
  { model: "deepseek-chat", since: "2025-09-29", input: 0.28, cachedInput: 0.028, output: 0.42 },
  { model: "text-embedding-3-small", since: "2024-01-25", input: 0.02, output: 0 },
  { model: "text-embedding-3-large", since: "2024-01-25", input: 0.13, output: 0 },
];
