import { assert, jsonValue, property } from "fast-check";
import { expect, test } from "vitest";
import { readJsonAnswer } from "#/agents/models/json-answer.ts";
import { parseJson } from "#/lib/exact-json.ts";

test.each([
  ['{"a":1}', { a: 1 }],
  ['Sure, here it is:\n{"a":"}{"} I hope it helps {not json}', { a: "}{" }],
  ['```json\n{"a":[1,2]}\n```', { a: [1, 2] }],
  ['<think>maybe {"a":0}? no</think>\n{"a":1}', { a: 1 }],
  ["Set {x} and then [1,2]", [1, 2]],
  ["7", 7],
  [
    'Here: {"id":9007199254740993,"n":[1,-90071992547409930]}',
    { id: "9007199254740993", n: [1, "-90071992547409930"] },
  ],
])("JSON is read out of %j", (text, value) => {
  expect(readJsonAnswer(text)).toEqual({ value });
});

test.each(["", "no json here", "{", '{"a":', "<think>{}"])("there is none in %j", (text) => {
  expect(readJsonAnswer(text)).toBeUndefined();
});

test("any object comes out of any preamble", () => {
  assert(
    property(jsonValue(), (value) => {
      const json = JSON.stringify({ value });
      expect(readJsonAnswer(`Answer: ${json} done.`)).toEqual({ value: parseJson(json) });
    }),
  );
});

test.each([
  ["brackets", "[".repeat(200_000)],
  ["quotes that are escaped and never closed", `{${'"\\'.repeat(100_000)}`],
  ["fences that are never closed", `\`\`\`${" ".repeat(200_000)}`],
])("a text full of %s is given up in time", (_what, text) => {
  const startedAt = process.cpuUsage().user;
  expect(readJsonAnswer(text)).toBeUndefined();
  expect(process.cpuUsage().user - startedAt).toBeLessThan(1_000_000);
});
