import { assert, date, property } from "fast-check";
import { expect, test } from "vitest";
import { parseMoment } from "#/agents/definition/format/moment.ts";

test.each([
  ["2027-01-31T09:00:00Z", 1_801_386_000_000],
  ["2027-01-31t09:00z", 1_801_386_000_000],
  ["2027-01-31T09:00:00.5+02:00", 1_801_378_800_500],
  ["2027-01-31 09:00:00-0530", 1_801_405_800_000],
  ["2027-01-31", 1_801_353_600_000],
  ["2028-02-29", 1_835_395_200_000],
  [0, 0],
])("%s is a moment, wherever it is read", (value, moment) => {
  expect(parseMoment(value)).toBe(moment);
});

test("what JavaScript writes is read as what it was", () => {
  expect(() =>
    assert(
      property(
        date({ min: new globalThis.Date(0), max: new globalThis.Date(6e12), noInvalidDate: true }),
        (moment) => parseMoment(moment.toISOString()) === moment.getTime(),
      ),
    ),
  ).not.toThrow();
});

test("a time of day without an offset is refused with what to write", () => {
  expect(() => parseMoment("2027-01-31T09:00:00")).toThrow(
    "“2027-01-31T09:00:00” does not say in which time zone. Write 2027-01-31T09:00:00Z for UTC",
  );
});

test.each([
  "tomorrow",
  "31 Jan 2027",
  "2",
  "",
  "2027-02-29T00:00:00Z",
  "2100-02-29",
  "2027-13-01",
  "2027-01-31T25:00Z",
  "2027-01-31Z",
  "2027-01-31T09:00+99:00",
  "+275760-09-13T00:00:00Z",
  "9999-01-01",
  Number.NaN,
  9e15,
  null,
  {},
])("%s is no moment", (value) => {
  expect(() => parseMoment(value)).toThrow("is no point in time");
});
