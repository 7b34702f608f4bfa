import type { DatedPrice } from "#/agents/definition/check/model-prices.ts";

/**
 * The prices that makers of models ask for prompts of usual length, by the day from which they ask them, or an earlier one where the model is newer. Only what a
 * maker has published stands here; where its discount for cached input is not certain, cached tokens count as others. A workspace's own prices come before these.
 *
 * Read in November 2026: those of Claude on platform.claude.com/docs/en/about-claude/pricing, those of DeepSeek since September on
 * api-docs.deepseek.com/quick_start/pricing, those of GPT-5, its codex and GPT-5.4 on developers.openai.com/api/docs/models. The others are as they were
 * published with their models.
 */
export const LIST_PRICES: readonly DatedPrice[] = [
  { model: "gpt-4.1", since: "2025-04-14", input: 2, cachedInput: 0.5, output: 8 },
  { model: "gpt-4.1-mini", since: "2025-04-14", input: 0.4, cachedInput: 0.1, output: 1.6 },
  { model: "gpt-4.1-nano", since: "2025-04-14", input: 0.1, cachedInput: 0.025, output: 0.4 },
  { model: "gpt-4o", since: "2024-10-02", input: 2.5, cachedInput: 1.25, output: 10 },
  { model: "gpt-4o-mini", since: "2024-10-02", input: 0.15, cachedInput: 0.075, output: 0.6 },
  { model: "gpt-5", since: "2025-08-07", input: 1.25, cachedInput: 0.125, output: 10 },
  { model: "gpt-5-codex", since: "2025-08-07", input: 1.25, cachedInput: 0.125, output: 10 },
  { model: "gpt-5.4", since: "2026-01-01", input: 2.5, cachedInput: 0.25, output: 15 },
  { model: "gpt-5-mini", since: "2025-08-07", input: 0.25, cachedInput: 0.025, output: 2 },
  { model: "gpt-5-nano", since: "2025-08-07", input: 0.05, cachedInput: 0.005, output: 0.4 },
  { model: "o3", since: "2025-04-16", input: 10, cachedInput: 2.5, output: 40 },
  { model: "o3", since: "2025-06-10", input: 2, cachedInput: 0.5, output: 8 },
  { model: "o4-mini", since: "2025-04-16", input: 1.1, cachedInput: 0.275, output: 4.4 },
  { model: "claude-3-5-haiku", since: "2024-12-03", input: 0.8, cachedInput: 0.08, output: 4 },
  { model: "claude-haiku-4-5", since: "2025-10-15", input: 1, cachedInput: 0.1, output: 5 },
  { model: "claude-haiku-5-5", since: "2026-10-07", input: 0.1, output: 0.5 },
  { model: "claude-sonnet-4", since: "2025-05-22", input: 3, cachedInput: 0.3, output: 15 },
  { model: "claude-sonnet-4-5", since: "2025-05-22", input: 3, cachedInput: 0.3, output: 15 },
  { model: "claude-sonnet-4-6", since: "2025-05-22", input: 3, cachedInput: 0.3, output: 15 },
  { model: "claude-sonnet-5", since: "2026-06-30", input: 2, output: 10 },
  { model: "claude-sonnet-5-5", since: "2026-06-30", input: 2, cachedInput: 0.2, output: 10 },
  { model: "claude-opus-4", since: "2025-05-22", input: 15, cachedInput: 1.5, output: 75 },
  { model: "claude-opus-4-1", since: "2025-05-22", input: 15, cachedInput: 1.5, output: 75 },
  { model: "claude-opus-4-5", since: "2025-11-24", input: 5, cachedInput: 0.5, output: 25 },
  { model: "claude-opus-4-6", since: "2026-02-05", input: 5, cachedInput: 0.5, output: 25 },
  { model: "claude-opus-4-7", since: "2026-02-05", input: 5, cachedInput: 0.5, output: 25 },
  { model: "claude-opus-4-8", since: "2026-02-05", input: 5, cachedInput: 0.5, output: 25 },
  { model: "claude-opus-5", since: "2026-07-24", input: 5, cachedInput: 0.5, output: 25 },
  { model: "claude-opus-5-5", since: "2026-07-24", input: 4, output: 20 },
  { model: "gemini-2.0-flash", since: "2025-02-05", input: 0.1, output: 0.4 },
  { model: "gemini-2.5-flash", since: "2025-06-17", input: 0.3, output: 2.5 },
  { model: "gemini-2.5-flash-lite", since: "2025-07-22", input: 0.1, output: 0.4 },
  { model: "gemini-2.5-pro", since: "2025-06-17", input: 1.25, output: 10 },
  { model: "mistral-large-2411", since: "2024-11-18", input: 2, output: 6 },
  { model: "mistral-small-2501", since: "2025-01-30", input: 0.1, output: 0.3 },
  { model: "deepseek-chat", since: "2025-09-05", input: 0.56, cachedInput: 0.07, output: 1.68 },
  { model: "deepseek-chat", since: "2025-09-29", input: 0.28, cachedInput: 0.028, output: 0.42 },
  // What DeepSeek asks depends on the hour: these are its prices at peak.
  { model: "deepseek-flash", since: "2026-09-10", input: 0.3, cachedInput: 0.006, output: 1.2 },
  { model: "deepseek-v4-pro", since: "2026-08-16", input: 1.32, cachedInput: 0.044, output: 3.96 },
  { model: "text-embedding-3-small", since: "2024-01-25", input: 0.02, output: 0 },
  { model: "text-embedding-3-large", since: "2024-01-25", input: 0.13, output: 0 },
];
