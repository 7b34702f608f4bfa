import { readFileSync } from "node:fs";
import { cpuUsage } from "node:process";
import { array, assert, constantFrom, integer, nat, property, record, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "#/agents/definition/expression/expression.ts";
import { parseText } from "#/agents/definition/format/parse.ts";
import { findMisfits } from "#/agents/definition/schema/fit.ts";
import { SIZES } from "#/agents/definition/format/sizes.ts";
import { splitTemplate, resolve } from "#/agents/definition/expression/template.ts";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { TooMuchWork } from "#/agents/definition/work.ts";

/** Processor time and not the clock's, so that a busy machine says nearly the same; what this holds back took seconds to hours. */
const LONGEST_MS = 1500;

function within<T>(act: () => T): T {
  const before = cpuUsage();
  const result = act();
  const { user, system } = cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(LONGEST_MS);
  return result;
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const set = { type: "set", values: { a: 1 } };
const base = { format: "cairn/v1", kind: "graph", name: "x" };
const small = {
  ...base,
  steps: { a: set },
  edges: [
    { from: "start", to: "a" },
    { from: "a", to: "end" },
  ],
};

function check(document: unknown) {
  return validateDefinition(document, { tools: ["http_request"] });
}

/** As a draft is checked. */
function checkText(text: string) {
  const parsed = parseText(text);
  return parsed.ok ? check(parsed.document) : parsed;
}

function listProblems(
  checked: ReturnType<typeof checkText>,
): readonly { readonly message: string; readonly path?: string }[] {
  return checked.ok ? [] : checked.problems;
}

describe("a hostile definition is refused with the reason, and holds nobody up", () => {
  const chain = (length: number) => ({
    ...base,
    steps: Object.fromEntries(times(length, (index) => [`s${index}`, set])),
    edges: times(length + 1, (index) => ({
      from: index === 0 ? "start" : `s${index - 1}`,
      to: index === length ? "end" : `s${index}`,
    })),
  });
  const unknownEdges = (count: number) => ({
    ...small,
    edges: [...small.edges, ...times(count, (index) => ({ from: "a", to: `nowhere${index}` }))],
  });
  const patterned = (count: number) => ({
    ...small,
    input: {
      type: "object",
      properties: Object.fromEntries(
        times(count, (index) => [`p${index}`, { type: "string", pattern: `^a${index}[a-z]+$` }]),
      ),
    },
  });
  const said = (text: string) => ({ ...base, kind: "direct", prompt: text });

  test.each<readonly [string, () => unknown, string]>([
    [
      "a name of 100 KB that is no tool",
      () => ({ ...small, steps: { a: { type: "tool", tool: "x".repeat(100_000) } } }),
      "There is no tool named",
    ],
    ["a chain of 8,000 steps", () => chain(8000), "Too large"],
    ["a chain of 600 steps", () => chain(600), "500 steps"],
    ["3,000 edges to unknown names", () => unknownEdges(3000), "edges"],
    ["1,900 edges to unknown names", () => unknownEdges(1900), "There is no step named"],
    ["8,000 patterns in schemas", () => patterned(8000), "keys in one object"],
    ["1,900 patterns in schemas", () => patterned(1900), "patterns"],
    [
      "a pattern that repeats repetitions",
      () => ({ ...small, input: { type: "object", pattern: "((a{10}){10}){10}".repeat(50) } }),
      "repeats too much",
    ],
    [
      "an escaped quote 60,000 times in a template",
      () => said(`{{ '${String.raw`\'`.repeat(60_000)}`),
      "not closed",
    ],
    [
      "20,000 small expressions",
      () => said(times(20_000, (index) => `{{ ${index} }}`).join("")),
      "too much work",
    ],
    [
      "a name that 60,000 steps of a path have",
      () => said(`{{ ${"input.".repeat(40_000)}a }}`),
      "levels of an expression",
    ],
    [
      "a document of 5,000 levels",
      () => JSON.parse(`${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`) as unknown,
      "nesting",
    ],
    ["a list of 100,000 values", () => ({ ...small, output: { a: times(100_000, () => 1) } }), "values"],
    ["a key of 100 KB", () => ({ ...small, output: { ["k".repeat(100_000)]: 1 } }), "characters in a key"],
    [
      "references that multiply",
      () => ({
        ...small,
        input: {
          type: "object",
          $defs: {
            ...Object.fromEntries(
              times(30, (index) => [
                `d${index}`,
                { allOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
              ]),
            ),
            d30: {},
          },
          $ref: "#/$defs/d0",
        },
      }),
      "references",
    ],
  ])("%s", (_, make, reason) => {
    const document = make();
    const problems = within(() => listProblems(check(document)));
    expect(problems.length).toBeLessThanOrEqual(SIZES.problems.most + 1);
    expect(problems.map(({ message }) => message).join("\n")).toContain(reason);
  });

  test.each<readonly [string, () => string, string]>([
    ["40,000 keys", () => times(40_000, (index) => `k${index}: 1`).join("\n"), "Too large"],
    ["3,000 keys", () => times(3000, (index) => `k${index}: 1`).join("\n"), "keys in one object"],
    ["30,000 anchors", () => times(30_000, (index) => `- &a${index} 1`).join("\n"), "Too large"],
    ["3,000 anchors", () => times(3000, (index) => `- &a${index} 1`).join("\n"), "anchors and aliases"],
    [
      "aliases of aliases",
      () =>
        [
          "a0: &a0 [x,x,x,x,x,x,x,x,x]",
          ...times(
            8,
            (index) =>
              `a${index + 1}: &a${index + 1} [*a${index},*a${index},*a${index},*a${index},*a${index}]`,
          ),
        ].join("\n"),
      "alias",
    ],
    ["100,000 brackets", () => "[".repeat(100_000), "nesting"],
    ["100,000 closing brackets", () => "]".repeat(100_000), "Unexpected"],
    ["80,000 directives", () => "%a\n".repeat(80_000), "directives"],
    ["60,000 documents", () => "---\n".repeat(60_000), "one YAML document"],
  ])("YAML with %s", (_, make, reason) => {
    const text = make();
    expect(within(() => listProblems(checkText(text)))[0]?.message).toContain(reason);
  });

  test("what is as large as it may be is right, and its mistakes are found", () => {
    const largest = chain(SIZES.steps.most);
    expect(within(() => check(largest)).ok).toBe(true);
    expect(within(() => checkText(JSON.stringify(largest, null, 2))).ok).toBe(true);
    const wrong = { ...largest, edges: [...largest.edges, { from: "s7", to: "s_8" }] };
    expect(within(() => listProblems(check(wrong)))).toMatchObject([
      { path: "/edges/501/to", suggestion: "s8" },
    ]);
  });

  test("JSON says where a key is there twice, like YAML", () => {
    expect(listProblems(checkText('{"a": 1,\n "a": 2}'))).toMatchObject([
      { message: "Map keys must be unique", line: 2 },
    ]);
  });
});

describe("an expression", () => {
  const items = times(100, (index) => index);
  const scope = {
    input: {
      items,
      text: "a".repeat(1_000_000),
      words: times(10_000, (index) => `w${index}`),
      map: Object.fromEntries(times(50_000, (index) => [`k${index}`, index])),
    },
  };

  test.each([
    "input.items.exists(a, input.items.exists(b, input.items.exists(c, input.items.exists(d, input.items.exists(e, a + b + c + d + e < 0)))))",
    "input.items.all(a, input.items.all(b, input.items.all(c, input.items.all(d, input.items.all(e, a + b + c + d + e >= 0)))))",
    "input.items.map(a, input.items.map(b, input.items.map(c, input.items.map(d, e.x || true))))",
    "input.items.exists(a, input.items.exists(b, input.items.exists(c, input.items.exists(d, nothing.at.all || false))))",
    `${times(40, (index) => `cel.bind(x${index + 1}, x${index} + x${index}, `)
      .join("")
      .replace("x0 + x0", "'ab' + 'ab'")}x40${")".repeat(40)}`,
    `${times(40, (index) => `cel.bind(x${index + 1}, [x${index}, x${index}], `)
      .join("")
      .replace("[x0, x0]", "[1, 1]")}x40${")".repeat(40)}`,
    `${times(40, (index) => `cel.bind(x${index + 1}, x${index} + x${index}, `)
      .join("")
      .replace("x0 + x0", "[1] + [1]")}size(x40)${")".repeat(40)}`,
    "input.words.filter(w, w in input.words).size()",
    "input.words.filter(w, input.words + [w] == input.words).size()",
    "input.words.map(w, input.map.size())",
    "input.words.map(w, input.map == input.map)",
    "input.words.map(w, input.map.exists(k, true))",
    "input.words.map(w, input.text.contains('b' + w))",
    "input.words.map(w, input.text.split('').size())",
    "input.text.lastIndexOf(input.text.substring(0, 400000) + 'b' + input.text.substring(0, 400000))",
    "input.words.map(w, timestamp('2026-01-01T00:00:00Z').getHours('Europe/Berlin'))",
    "input.words.map(w, input.text.matches('(a?){20}b'))",
    "input.words.map(w, input.text.size())",
  ])("that would take long is given up: %s", (source) => {
    expect(() => within(() => evaluate(source, scope))).toThrow(TooMuchWork);
    expect(evaluate("input.items.exists(a, a == 99)", scope)).toBe(true);
  });

  test.each([
    ["input.words.filter(w, w.startsWith('w99')).size()", 111],
    ["input.words.map(w, w + '!').exists(w, w == 'w9999!')", true],
    ["input.items.map(a, input.items.filter(b, b > a).size())[0]", 99],
    ["input.text.contains('ab')", false],
  ])("of honest size has its value: %s", (source, value) => {
    expect(within(() => evaluate(source, scope))).toBe(value);
  });

  test("a step's texts share what they may take", () => {
    const costly = "{{ input.items.map(a, input.items.filter(b, b > a).size()).size() }}";
    expect(resolve([costly], scope)).toEqual([100]);
    expect(() =>
      within(() =>
        resolve(
          times(500, () => costly),
          scope,
        ),
      ),
    ).toThrow(TooMuchWork);
  });
});

test("a template is read in one go, whatever quotes it has", () => {
  for (const piece of [
    String.raw`{{ \' }}`,
    String.raw`{{ '\' }}`,
    String.raw`{{ ' }}`,
    "{{ '' }}",
    String.raw`{{ "\" ' }}`,
  ])
    within(() => splitTemplate(piece.repeat(60_000)));
  expect(splitTemplate(String.raw`{{ 'it\'s }}' }} and {{ "}}" }}`)).toEqual([
    { expression: String.raw`'it\'s }}'` },
    { text: " and " },
    { expression: '"}}"' },
  ]);
});

describe("a value is fitted to its schema", () => {
  const numbers = times(30_000, (index) => index);

  test("with uniqueItems on 30,000 numbers, or on objects whose keys stand in another order", () => {
    expect(within(() => findMisfits({ type: "array", uniqueItems: true }, numbers))).toEqual([]);
    expect(within(() => findMisfits({ type: "array", uniqueItems: true }, [...numbers, 7]))).toHaveLength(1);
    expect(
      findMisfits({ uniqueItems: true }, [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toHaveLength(1);
    expect(
      findMisfits({ properties: { a: { uniqueItems: true } } }, { a: [1, "1", [1], { a: 1 }], b: [1, 1] }),
    ).toEqual([]);
    expect(
      within(() => findMisfits({ properties: { a: { uniqueItems: true } } }, { a: numbers, b: [1, 1] })),
    ).toEqual([]);
  });

  test("with honest sizes", () => {
    const row = {
      type: "object",
      required: ["id"],
      properties: { id: { type: "integer", minimum: 0 }, name: { type: "string", maxLength: 100 } },
      additionalProperties: false,
    };
    expect(
      within(() =>
        findMisfits(
          { type: "array", items: row },
          times(5000, (id) => ({ id, name: `n${id}` })),
        ),
      ),
    ).toEqual([]);
    expect(
      within(() =>
        findMisfits({ type: "string", minLength: 1, maxLength: 5_000_000 }, "x".repeat(2_000_000)),
      ),
    ).toEqual([]);
  });

  const doubling = {
    ...Object.fromEntries(
      times(40, (index) => [
        `d${index}`,
        { anyOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
      ]),
    ),
    d40: { type: "string" },
  };

  test.each<readonly [string, Readonly<Record<string, unknown>>, unknown]>([
    [
      "a thousand lengths of a long text",
      { anyOf: times(1000, (index) => ({ minLength: 2_000_000 + index })) },
      "x".repeat(1_000_000),
    ],
    [
      "a thousand formats of a long text",
      { anyOf: times(1000, () => ({ format: "email" })) },
      "x".repeat(1_000_000),
    ],
    [
      "a thousand ways to count keys",
      { anyOf: times(1000, (index) => ({ minProperties: 2_000_000 + index })) },
      Object.fromEntries(numbers.map((key) => [`k${key}`, 1])),
    ],
    ["references that double", { $defs: doubling, $ref: "#/$defs/d0" }, 1],
    [
      "oneOf in oneOf on every item",
      { items: { oneOf: times(60, () => ({ oneOf: times(60, () => ({ type: "string" })) })) } },
      numbers,
    ],
    ["a reference to itself", { properties: { a: { $ref: "#" } }, anyOf: [{ $ref: "#" }] }, { a: 1 }],
    [
      "a large enum for every item",
      { items: { enum: times(2000, (index) => [index, "x"]) } },
      numbers.map((index) => [index, "y"]),
    ],
  ])("and is refused where that takes too much: %s", (_, schema, value) => {
    const problems = within(() => findMisfits(schema, value));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain("The schema cannot be applied");
  });
});

test("whatever stands near the sizes, checking it holds nobody up", () => {
  const expression = constantFrom(
    "input.a",
    "state.nowhere",
    "[1].map(a, [a].filter(b, b > a))",
    "'x'.matches('(a?){50}')",
    "((((1))))",
    "'",
  );
  const edge = tuple(nat(499), nat(600), nat(3)).map(([from, to, kind]) => {
    if (kind === 0) return { from: `s${from}`, to: `s${to}` };
    if (kind === 1) return { from: [`s${from}`, `s${(from * 7) % 500}`], to: `s${to}` };
    return {
      from: `s${from}`,
      when: times(20, (index) => ({ if: "true", to: `s${(to + index * 13) % 600}` })),
    };
  });
  const shape = record({
    steps: integer({ min: 1, max: 500 }),
    edges: array(edge, { minLength: 1, maxLength: 700, size: "max" }),
    said: array(expression, { minLength: 1, maxLength: 20 }),
  });
  assert(
    property(shape, ({ steps, edges, said }) => {
      const texts = times(
        steps,
        (index) =>
          [`s${index}`, { type: "set", values: { a: `{{ ${said[index % said.length]} }}` } }] as const,
      );
      const problems = within(() =>
        listProblems(
          check({
            ...base,
            steps: Object.fromEntries(texts),
            edges: [{ from: "start", to: "s0" }, ...edges],
          }),
        ),
      );
      expect(problems.length).toBeLessThanOrEqual(SIZES.problems.most + 1);
    }),
    { numRuns: 15 },
  );
}, 60_000);

test("the sizes in the documents are these", () => {
  const page = readFileSync("docs/definitions.md", "utf8");
  for (const { most, what } of Object.values(SIZES))
    expect(page).toContain(`| ${what} | ${most.toLocaleString("en-US")} |`);
});
