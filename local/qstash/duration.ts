import { Refusal } from "#/local/qstash/refusal.ts";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "10s", "1d10h" or a plain number of seconds, as milliseconds; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g);
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0), 0);
}

/** The same for a text that must be a duration. @throws Refusal */
export function parseDuration(text: string): number {
  const duration = durationMs(text);
  if (duration === undefined) throw new Refusal(400, `invalid duration: ${text}`);
  return duration;
}
