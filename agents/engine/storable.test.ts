import { anything, assert, property } from "fast-check";
import { expect, test } from "vitest";
import { DEEPEST, MOST_BYTES, toStorable } from "#/agents/engine/storable.ts";

const nested = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => [inner], "leaf");

test("takes out of texts and keys what the database refuses, and nothing else", () => {
  const made = { "a\0b": ["x\ud800", { "\udfffkey": "fine" }], same: "😀" };
  expect(toStorable(made)).toEqual({
    kind: "fits",
    value: { ab: ["x\ufffd", { "\ufffdkey": "fine" }], same: "😀" },
  });
});

test("is the same value, not a copy, where there is nothing to take out", () => {
  const made = {
    list: [1, "two", null, { three: true }],
    at: new URL("https://made.test/"),
    undefinedToo: undefined,
  };
  expect(toStorable(made)).toMatchObject({ kind: "fits", value: made });
  expect(Object.is((toStorable(made) as { value: unknown }).value, made)).toBe(true);
});

test("says what is too large and what is nested too deeply, without continuing for ever", () => {
  expect(toStorable("x".repeat(MOST_BYTES))).toMatchObject({ kind: "too-large" });
  expect(toStorable({ x: "x".repeat(MOST_BYTES - 100) })).toMatchObject({ kind: "fits" });
  expect(toStorable(nested(DEEPEST - 1))).toMatchObject({ kind: "fits" });
  expect(toStorable(nested(100_000))).toEqual({ kind: "too-deep" });
});

test("gives back whatever JSON there is, so that doing it again changes nothing", () => {
  assert(
    property(anything({ withNullPrototype: false, withDate: false }), (made) => {
      const once = toStorable(made);
      if (once.kind !== "fits") return;
      expect(JSON.stringify(once.value) ?? "").not.toMatch(/\\u0000|\\ud[89a-f]/i);
      expect(toStorable(once.value)).toEqual(once);
    }),
  );
});
