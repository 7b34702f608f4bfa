import { expect, test } from "vitest";
import { formatBytes, formatCount, formatDistance, formatDuration } from "#/app/_ui/format.ts";

test.each([
  [0, "0 ms"],
  [840, "840 ms"],
  [3_240, "3.2 s"],
  [59_400, "59 s"],
  [250_000, "4 min 10 s"],
  [7_500_000, "2 h 5 min"],
  [273_600_000, "3 d 4 h"],
])("tells %i ms as %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

test("tells how long ago and how soon, in one unit", () => {
  expect(formatDistance(1_000_000, 1_001_000)).toBe("just now");
  expect(formatDistance(1_000_000, 1_008_400)).toBe("8 s ago");
  expect(formatDistance(1_000_000, 1_310_000)).toBe("5 min ago");
  expect(formatDistance(11_800_000, 1_000_000)).toBe("in 3 h");
  expect(formatDistance(604_799_000, 0)).toBe("in 7 d");
});

test("shortens large numbers", () => {
  expect([950, 1_171, 12_400, 1_240_000].map(formatCount)).toEqual(["950", "1,171", "12.4k", "1.2M"]);
  expect([900, 4_096, 3_355_443].map(formatBytes)).toEqual(["900 B", "4 KB", "3.2 MB"]);
});
