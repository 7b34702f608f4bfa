import { describe, expect, test } from "vitest";
import { matches, patternProblem } from "#/agents/definition/schema/pattern.ts";
import { WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";

/** JavaScript's own engine needs 2^n steps for any of these on n letters; forty letters are hours. */
const EVIL = ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*a){12}b$", "^(([a-z])+.)+[A-Z]([a-z])+$"];
const A_LONG_TEXT = `${"a".repeat(100_000)}!`;

describe("a pattern", () => {
  test.each(EVIL)("%s ends on 100,000 characters", (pattern) => {
    expect(matches(pattern, A_LONG_TEXT)).toBe(false);
    expect(matches(pattern.replace(/\$$/, ""), `${A_LONG_TEXT}aaabAbb`)).toBe(true);
  });

  test.each([
    ["^[A-Z]{2}\\d{6}$", "AB123456", true],
    ["^[A-Z]{2}\\d{6}$", "AB12345", false],
    ["urgent|critical", "this is urgent", true],
    ["(?i)^re:", "RE: tea", true],
    ["^\\p{Lu}\\p{L}+$", "Élan", true],
    ["^caf\\u00e9 \\u{1F375}$", "café 🍵", true],
    ["^\\\\u00e9$", "\\u00e9", true],
    ["^.$", "🍵", true],
    ["a$", "a\n", false],
  ])("%s on %j: %s", (pattern, text, fits) => {
    expect(matches(pattern, text)).toBe(fits);
  });

  test.each(["(?=a)b", "(?!a)b", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?<n>a)\\k<n>"])(
    "%s needs to go back, and is refused with the reason",
    (pattern) => {
      expect(patternProblem(pattern)).toContain("no lookahead, no lookbehind and no backreference");
    },
  );

  test("that is too long or makes too large a machine is refused", () => {
    expect(patternProblem("a".repeat(1001))).toContain("at most 1000 characters");
    expect(patternProblem("((a{50}){50}){50}")).toContain("repeat");
  });

  test("that is too much work for its text is refused, and so are many small ones in one evaluation", () => {
    expect(() => withinWork(WORK_AT_ONCE, () => matches("(?:a?){900}b", A_LONG_TEXT))).toThrow(
      "too much work",
    );
    expect(() =>
      withinWork(WORK_AT_ONCE, () => Array.from({ length: 100 }, () => matches("^(a+)+$", A_LONG_TEXT))),
    ).toThrow("too much work");
    expect(withinWork(WORK_AT_ONCE, () => matches("^(a+)+!$", A_LONG_TEXT))).toBe(true);
  });
});
