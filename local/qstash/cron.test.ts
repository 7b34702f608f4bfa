import { describe, expect, test } from "vitest";
import { nextCronTime } from "#/local/qstash/cron.ts";

const next = (expression: string, after: string) => {
  const time = nextCronTime(expression, Date.parse(after));
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe("the next time of a cron expression", () => {
  test("is in UTC unless a zone is named", () => {
    expect(next("0 4 * * *", "2026-06-01T00:00:00Z")).toBe("2026-06-01T04:00:00.000Z");
    expect(next("CRON_TZ=Europe/Berlin 0 4 * * *", "2026-06-01T00:00:00Z")).toBe("2026-06-01T02:00:00.000Z");
    expect(next("CRON_TZ=Europe/Berlin 0 4 * * *", "2026-12-01T00:00:00Z")).toBe("2026-12-01T03:00:00.000Z");
  });

  test("is later than the time asked from", () => {
    expect(next("* * * * *", "2026-06-01T00:00:00.000Z")).toBe("2026-06-01T00:01:00.000Z");
    expect(next("* * * * *", "2026-06-01T00:00:59.999Z")).toBe("2026-06-01T00:01:00.000Z");
  });

  test("can be never", () => {
    expect(next("0 0 30 2 *", "2026-06-01T00:00:00Z")).toBeUndefined();
  });

  test.each([
    "",
    "bogus",
    "* * * *",
    "* * * * * *",
    "61 * * * *",
    "CRON_TZ=Mars/Base * * * * *",
    "CRON_TZ=Europe/Berlin",
  ])("%j is refused", (expression) => {
    expect(() => nextCronTime(expression, 0)).toThrow(/invalid cron/);
  });
});
