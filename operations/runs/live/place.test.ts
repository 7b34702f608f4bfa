import { expect, test } from "vitest";
import { formatPlace, parsePlace, THE_BEGINNING } from "#/operations/runs/live/place.ts";

test.each([
  THE_BEGINNING,
  { seq: 12, entryId: "1764000000000-3", chunks: 0 },
  { seq: 12, entryId: "1764000000000-3", chunks: 7 },
])("a place comes back as it was: %j", (place) => {
  expect(parsePlace(formatPlace(place))).toEqual(place);
});

test.each([undefined, null, "", "nonsense", "1~", "-1~0", "1~0+", "1~+ -", "1~1-1+2+3"])(
  "anything else is the beginning: %j",
  (text) => {
    expect(parsePlace(text)).toEqual(THE_BEGINNING);
  },
);
