import { Cron } from "croner";
import { Refusal } from "#/local/qstash/refusal.ts";

/**
 * The first time after `after` that a five-field cron expression names, in UTC or in the zone of a `CRON_TZ=Zone `
 * prefix. Undefined when there is none. @throws Refusal for a malformed expression or an unknown zone.
 */
export function nextCronTime(expression: string, after: number): number | undefined {
  const [, zone = "UTC", fields = ""] = /^(?:CRON_TZ=(\S+)\s+)?(.*)$/s.exec(expression.trim()) ?? [];
  try {
    return new Cron(fields, { timezone: zone, paused: true, mode: "5-part" })
      .nextRun(new Date(after))
      ?.getTime();
  } catch (error) {
    throw new Refusal(
      400,
      `invalid cron "${expression}": ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
