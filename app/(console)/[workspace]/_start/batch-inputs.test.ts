import { describe, expect, test } from "vitest";
import { readBatch } from "./batch-inputs.ts";

const schema = {
  type: "object",
  required: ["topic"],
  properties: {
    topic: { type: "string" },
    pages: { type: "integer", maximum: 9 },
    urgent: { type: "boolean" },
  },
  additionalProperties: false,
};

const inputsOf = (text: string) => {
  const read = readBatch(text, schema);
  return read.ok ? read.rows.map(({ input }) => input) : read.problem;
};

describe("the inputs of a batch", () => {
  test("are a JSON list", () => {
    expect(inputsOf('[{"topic": "a"}, {"topic": "b", "pages": 2}]')).toEqual([
      { topic: "a" },
      { topic: "b", pages: 2 },
    ]);
  });

  test("or CSV, whose cells become what the schema says; an empty cell is left out", () => {
    expect(inputsOf('topic,pages,urgent\n"one, two",3,true\nthree,,\n')).toEqual([
      { topic: "one, two", pages: 3, urgent: true },
      { topic: "three" },
    ]);
  });

  test("each say what is wrong with them, once, and hold up no other", () => {
    const read = readBatch("topic,pages,extra\na,many,\n,3,\nb,12,x\nc,1,", schema);
    const paths = read.ok ? read.rows.map(({ problems }) => problems.map(({ path }) => path)) : read;
    expect(paths).toEqual([["/pages"], ["/topic"], ["/pages", "/extra"], []]);
  });

  test("that are no objects say so at their place", () => {
    const read = readBatch('[{"topic": "a"}, "b"]', schema);
    expect(read.ok && read.rows.map(({ problems }) => problems.length > 0)).toEqual([false, true]);
  });

  test.each([
    ["[{", /not JSON/],
    ["[]", /no row/],
    ['topic\n"a', /neither a JSON list nor CSV/],
    [`[${"{},".repeat(100)}{}]`, /101 inputs.*up to 100/],
    ['[{"topic": "a", "pages": 90071992547409931}]', /more than a number can hold/],
  ])("cannot be read from %.12s, and it is said why", (text, why) => {
    expect(inputsOf(text)).toMatch(why);
  });
});
