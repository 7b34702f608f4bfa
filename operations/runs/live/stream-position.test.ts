import { expect, test } from "vitest";
import { formatPosition, parsePosition, THE_BEGINNING } from "#/operations/runs/live/stream-position.ts";

test.each([
  THE_BEGINNING,
  { seq: 12, entryId: "1764000000000-3", chunks: 0 },
  { seq: 12, entryId: "1764000000000-3", chunks: 7 },
  { seq: 12, entryId: "1764000000000-3", chunks: 0, below: "8812" },
  { seq: 0, entryId: "0", chunks: 7, below: "0.8812" },
])("a place comes back as it was: %j", (place) => {
  expect(parsePosition(formatPosition(place))).toEqual(place);
});

test.each([
  undefined,
  null,
  "",
  "nonsense",
  "1~",
  "-1~0",
  "1~0+",
  "1~+ -",
  "1~1-1+2+3",
  "1~0~",
  "1~0~-4",
  "1~0~1~2",
  "1~0~.3",
])("anything else is the beginning: %j", (text) => {
  expect(parsePosition(text)).toEqual(THE_BEGINNING);
});
