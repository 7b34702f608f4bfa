import { describe, expect, test } from "vitest";
import { nextFire, nextFires, recurrenceProblem } from "#/lib/cron.ts";

const at = (iso: string) => new Date(iso);

describe("recurrences", () => {
  test("fire in their own time zone", () => {
    expect(nextFire({ cron: "0 9 * * 1-5", timezone: "Europe/Berlin" }, at("2026-01-02T08:30:00Z"))).toEqual(at("2026-01-05T08:00:00Z"));
    expect(nextFire({ cron: "0 9 * * *", timezone: "America/New_York" }, at("2026-07-01T00:00:00Z"))).toEqual(at("2026-07-01T13:00:00Z"));
  });

  test("fire strictly after the moment", () => {
    expect(nextFire({ cron: "*/5 * * * *", timezone: "UTC" }, at("2026-01-01T00:05:00Z"))).toEqual(at("2026-01-01T00:10:00Z"));
  });

  test("fire once when a clock change skips or repeats their time", () => {
    const nightly = { cron: "30 2 * * *", timezone: "Europe/Berlin" };
    expect(nextFire(nightly, at("2026-03-28T12:00:00Z")).toISOString()).toBe("2026-03-29T01:00:00.000Z");
    const [first, second] = nextFires(nightly, at("2026-10-24T12:00:00Z"), 2);
    expect([first, second].map((date) => date?.toISOString())).toEqual(["2026-10-25T00:30:00.000Z", "2026-10-26T01:30:00.000Z"]);
  });

  test.each([
    ["every day", "UTC", "cron", "five fields"],
    ["61 * * * *", "UTC", "cron", "0 9 * * 1-5"],
    ["* * * * * *", "UTC", "cron", "five fields"],
    ["0 0 30 2 *", "UTC", "cron", "never comes"],
    ["0 9 * * *", "Mars/Olympus", "timezone", "Europe/Berlin"],
    ["0 9 * * *", "+02:00", "timezone", "IANA"],
  ])("tell what is wrong with %s in %s", (cron, timezone, field, text) => {
    expect(recurrenceProblem({ cron, timezone })).toMatchObject({ field, message: expect.stringContaining(text) });
  });

  test("have no problem when they can fire", () => {
    expect(recurrenceProblem({ cron: "0 0 29 2 *", timezone: "Asia/Kathmandu" })).toBeUndefined();
  });
});
