import * as fc from "fast-check";
import { expect, test } from "vitest";
import { chooseTools } from "#/agents/steps/tool/choose-tools.ts";

test("a list is what it is, and an expression what it gives, each name once", () => {
  expect(chooseTools(["a"], {})).toEqual({ names: ["a"], isComputed: false });
  const scope = { input: { more: ["b", "a"] } };
  expect(chooseTools("['a'] + input.more", scope)).toEqual({ names: ["a", "b"], isComputed: true });
});

test("whatever stands where a list of names should, is refused", () => {
  const others = fc
    .anything()
    .filter((value) => !Array.isArray(value) || value.some((item) => typeof item !== "string"));
  fc.assert(
    fc.property(others, (tools) => {
      expect(() => chooseTools("input.tools", { input: { tools } })).toThrow(/list of|tools/);
    }),
  );
  expect(() => chooseTools("input.tools", { input: { tools: Array.from({ length: 501 }, String) } })).toThrow(
    "list of 500",
  );
});
