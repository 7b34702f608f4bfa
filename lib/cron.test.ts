import { assert, constantFrom, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { nextFire, nextFires, recurrenceProblem } from "#/lib/cron.ts";

const at = (iso: string) => new Date(iso);

describe("recurrences", () => {
  test("fire in their own time zone", () => {
    expect(nextFire({ cron: "0 9 * * 1-5", timezone: "Europe/Berlin" }, at("2026-01-02T08:30:00Z"))).toEqual(
      at("2026-01-05T08:00:00Z"),
    );
    expect(nextFire({ cron: "0 9 * * *", timezone: "America/New_York" }, at("2026-07-01T00:00:00Z"))).toEqual(
      at("2026-07-01T13:00:00Z"),
    );
  });

  test("fire strictly after the moment", () => {
    expect(nextFire({ cron: "*/5 * * * *", timezone: "UTC" }, at("2026-01-01T00:05:00Z"))).toEqual(
      at("2026-01-01T00:10:00Z"),
    );
  });

  test("fire once when a clock change skips or repeats their time", () => {
    const nightly = { cron: "30 2 * * *", timezone: "Europe/Berlin" };
    expect(nextFire(nightly, at("2026-03-28T12:00:00Z")).toISOString()).toBe("2026-03-29T01:00:00.000Z");
    const [first, second] = nextFires(nightly, at("2026-10-24T12:00:00Z"), 2);
    expect([first, second].map((date) => date?.toISOString())).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ]);
  });

  const listFires = (cron: string, timezone: string, [from, count]: readonly [string, number]) =>
    nextFires({ cron, timezone }, at(from), count).map((time) => time.toISOString().slice(0, 16));

  test.each([
    // Berlin: 2026-03-29 01:00Z, from 2:00 to 3:00; 2026-10-25 01:00Z, from 3:00 back to 2:00.
    [
      "0,30 2 * * *",
      "Europe/Berlin",
      ["2026-03-28T12:00:00Z", 3],
      ["2026-03-29T01:00", "2026-03-30T00:00", "2026-03-30T00:30"],
    ],
    ["*/15 2 * * *", "Europe/Berlin", ["2026-03-28T12:00:00Z", 2], ["2026-03-29T01:00", "2026-03-30T00:00"]],
    [
      "15 1-3 * * *",
      "Europe/Berlin",
      ["2026-03-28T22:00:00Z", 3],
      ["2026-03-29T00:15", "2026-03-29T01:00", "2026-03-29T01:15"],
    ],
    [
      "0,30 2 * * *",
      "Europe/Berlin",
      ["2026-10-24T12:00:00Z", 3],
      ["2026-10-25T00:00", "2026-10-25T00:30", "2026-10-26T01:00"],
    ],
    // Every hour goes by what passes.
    [
      "30 * * * *",
      "Europe/Berlin",
      ["2026-03-29T00:10:00Z", 3],
      ["2026-03-29T00:30", "2026-03-29T01:30", "2026-03-29T02:30"],
    ],
    [
      "30 * * * *",
      "Europe/Berlin",
      ["2026-10-24T23:40:00Z", 3],
      ["2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T02:30"],
    ],
    // Midnight that does not exist, half an hour, and a whole day.
    ["0 0 * * *", "America/Santiago", ["2026-09-05T12:00:00Z", 2], ["2026-09-06T04:00", "2026-09-07T03:00"]],
    [
      "15 2 * * *",
      "Australia/Lord_Howe",
      ["2026-10-03T00:00:00Z", 2],
      ["2026-10-03T15:30", "2026-10-04T15:15"],
    ],
    ["0 12 30 12 *", "Pacific/Apia", ["2011-12-01T12:00:00Z", 2], ["2011-12-30T10:00", "2012-12-29T22:00"]],
  ] as const)("“%s” in %s after %j", (cron, timezone, window, expected) => {
    expect(listFires(cron, timezone, window)).toEqual(expected);
  });

  test("of fixed hours fire once for every day that they name, whatever the clocks do", () => {
    const zone = constantFrom(
      "Europe/Berlin",
      "America/New_York",
      "America/Santiago",
      "Australia/Lord_Howe",
      "Africa/Casablanca",
      "Asia/Kathmandu",
      "America/Havana",
      "UTC",
    );
    assert(
      property(zone, integer({ min: 0, max: 59 }), integer({ min: 0, max: 23 }), (timezone, minute, hour) => {
        const year = nextFires(
          { cron: `${minute} ${hour} * * *`, timezone },
          at("2026-01-01T00:00:00Z"),
          370,
        );
        const days = year.map((time) => time.toLocaleDateString("sv", { timeZone: timezone }));
        expect(new Set(days).size).toBe(days.length);
        const gaps = year.slice(1).map((time, index) => time.getTime() - (year[index]?.getTime() ?? 0));
        expect(Math.max(...gaps)).toBeLessThanOrEqual(26 * 3_600_000);
      }),
      { numRuns: 12 },
    );
  });

  test.each([
    ["every day", "UTC", "cron", "five fields"],
    ["61 * * * *", "UTC", "cron", "0 9 * * 1-5"],
    ["* * * * * *", "UTC", "cron", "five fields"],
    ["0 0 30 2 *", "UTC", "cron", "never comes"],
    ["0 9 * * *", "Mars/Olympus", "timezone", "Europe/Berlin"],
    ["0 9 * * *", "+02:00", "timezone", "IANA"],
  ])("tell what is wrong with %s in %s", (cron, timezone, field, text) => {
    expect(recurrenceProblem({ cron, timezone })).toMatchObject({
      field,
      message: expect.stringContaining(text),
    });
  });

  test("have no problem when they can fire", () => {
    expect(recurrenceProblem({ cron: "0 0 29 2 *", timezone: "Asia/Kathmandu" })).toBeUndefined();
  });
});
