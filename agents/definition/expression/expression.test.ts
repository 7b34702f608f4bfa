import { describe, expect, test } from "vitest";
import { evaluate, ExpressionError, parseExpression } from "#/agents/definition/expression/expression.ts";
import { renderText, resolve } from "#/agents/definition/expression/template.ts";

describe("expressions", () => {
  test.each([
    ["input.count + 1", 4],
    ["input.count * 2 - 0.5", 5.5],
    ["input.count % 2 == 1", true],
    ["1 == 1.0", true],
    ["input.count > 2 && input.tags.exists(t, t == 'b')", true],
    ["state.list.map(p, p.name)", ["x", "y"]],
    ["size(state.list)", 2],
    ["has(state.missing) ? 1 : 0", 0],
    ["state.empty == null", true],
    ["{'a': 1, 'b': [1, 'two']}", { a: 1, b: [1, "two"] }],
  ])("%s", (source, value) => {
    const scope = {
      input: { count: 3, tags: ["a", "b"] },
      state: { list: [{ name: "x" }, { name: "y" }], empty: null },
    };
    expect(evaluate(source, scope)).toEqual(value);
  });

  test("give JSON only: no BigInt, no Map", () => {
    expect(JSON.stringify(evaluate("[1, 2u, {'k': 3}]", {}))).toBe('[1,2,{"k":3}]');
  });

  test("never round an integer: beyond 2^53 they are refused, and exact as text", () => {
    expect(evaluate("[9007199254740991, -9007199254740991]", {})).toEqual([
      9007199254740991, -9007199254740991,
    ]);
    for (const source of [
      "9007199254740992",
      "9007199254740991 + 2",
      "{'k': [9007199254740993u]}",
      "int('9007199254740993')",
      "input.n + 2",
    ]) {
      expect(() => evaluate(source, { input: { n: 9007199254740991 } })).toThrow(/string\(…\)/);
    }
    expect(evaluate("string(9007199254740991 + 2)", {})).toBe("9007199254740993");
  });

  test("read data that has a key `constructor` as any other", () => {
    const team = { constructor: { name: "Ferrari" }, points: 44 };
    const scope = { input: team, state: { answer: { teams: [team, { points: 2 }] }, last: team } };
    for (const [source, value] of [
      ["state.last", team],
      ["state.last.points + 1", 45],
      ["input.points", 44],
      ["input.constructor.name", "Ferrari"],
      ["state.last['constructor'].name", "Ferrari"],
      ["state.answer", scope.state.answer],
      ["state.answer.teams[0].points", 44],
      ["state.answer.teams.map(t, t.points)", [44, 2]],
      ["state.answer.teams.filter(t, has(t.constructor))", [team]],
      ["state.answer.teams.exists(t, t.?constructor.name.orValue('') == 'Ferrari')", true],
      ["size(state.last)", 2],
      ["'constructor' in state.last", true],
      ["state.last == input", true],
      ["state.last.?nothing.orValue(0)", 0],
    ] as const)
      expect(evaluate(source, scope), source).toEqual(value);
  });

  test("name the missing key and the expression", () => {
    expect(() => evaluate("state.a.b", { state: { a: {} } })).toThrow(
      /No such key: b .*“state.a.b”|No such key: b in “state.a.b”/,
    );
  });

  test("turn CEL's own values into JSON", () => {
    expect(
      evaluate("[duration('90m'), timestamp('2026-01-02T03:04:05Z'), state.?nothing, state.?a]", {
        state: { a: 1 },
      }),
    ).toEqual(["5400s", "2026-01-02T03:04:05.000Z", null, 1]);
  });

  test("do not divide by zero", () => {
    expect(() => evaluate("input.n / 0", { input: { n: 1 } })).toThrow(ExpressionError);
    expect(() => evaluate("1 / 0", {})).toThrow(ExpressionError);
  });

  test("tell the column where they cannot be read", () => {
    expect(() => parseExpression("state.a ==")).toThrow("at column 11");
    expect(() => parseExpression("true &&\n  )")).toThrow("at line 2, column 3");
  });

  test("are checked for operators and functions that do not fit", () => {
    expect(() => parseExpression("'a' + 1").check()).toThrow("no such overload");
    expect(() => parseExpression("frobnicate(1)").check()).toThrow("frobnicate");
    expect(() => parseExpression("state.list.map(x, x.a + 1)").check()).not.toThrow();
  });

  test.each([
    [
      "state.list.map(item, item.name + input.suffix)",
      [
        ["state", "list"],
        ["input", "suffix"],
      ],
    ],
    [
      "state.list[input.n].name",
      [
        ["state", "list"],
        ["input", "n"],
      ],
    ],
    ["state[input.key].name", [["state"], ["input", "key"]]],
    [
      "has(state.a) && type(input.n) == int",
      [
        ["state", "a"],
        ["input", "n"],
      ],
    ],
    ["cel.bind(x, state.a, x.b)", [["state", "a"]]],
  ])("%s reads what it names, not what it binds", (source, paths) => {
    expect(parseExpression(source).paths).toEqual(paths);
  });

  test("that cannot be read say so", () => {
    expect(() => parseExpression("1 +")).toThrow(ExpressionError);
  });

  test("tell which paths they read", () => {
    expect(parseExpression("state.a.b == input['x'] && [1].all(i, i > run.n)").paths).toEqual(
      expect.arrayContaining([
        ["state", "a", "b"],
        ["input", "x"],
        ["run", "n"],
      ]),
    );
  });

  test("cannot reach the host", () => {
    expect(() => evaluate("state.constructor", { state: {} })).toThrow("No such key");
    expect(() => evaluate("process.env", {})).toThrow("Unknown variable");
  });
});

describe("matches", () => {
  const scope = {
    input: { text: "aaaa!", pattern: "^a+!$", list: ["ab", "b"], long: `${"a".repeat(100_000)}!` },
  };
  test.each([
    ["input.text.matches(input.pattern)", true],
    ["matches(input.text, '^b')", false],
    ["input.list.filter(t, t.matches('^a'))", ["ab"]],
    ["[input.list].map(l, l.exists(t, t.matches('^b$')))", [true]],
    ["cel.bind(p, 'b', input.list.all(t, t.matches(p)))", true],
    ["input.?text.orValue('').matches('!$')", true],
  ])("%s, wherever it stands", (source, value) => {
    expect(evaluate(source, scope)).toEqual(value);
  });

  test.each([
    "input.long.matches('^(a+)+$')",
    "[input.long].exists(t, t.matches('^(a|a)*$'))",
    "matches(input.long, input.?none.orValue('^(a|aa)+$'))",
  ])("%s takes linear time", (source) => {
    expect(evaluate(source, scope)).toBe(false);
  });

  test("is refused where it is read, or at last where it is used, if the pattern needs to go back", () => {
    const written = parseExpression("input.list.exists(t, t.matches('(?=a)b'))");
    expect(() => written.check()).toThrow(/“\(\?=a\)b” cannot be used.*no lookahead/);
    expect(() => evaluate("input.text.matches(input.text + '(')", scope)).toThrow(ExpressionError);
  });

  test("names itself in what it complains about", () => {
    expect(() => evaluate("input.text.matches(3)", scope)).toThrow(
      "no matching overload for 'string.matches(int)'",
    );
  });
});

describe("templates", () => {
  const scope = { state: { name: "Ada", list: [1, 2], nothing: null } };
  test("show objects as JSON and null as nothing", () => {
    expect(renderText("Hi {{ state.name }}: {{ state.list }}{{ state.nothing }}.", scope)).toBe(
      "Hi Ada: [1,2].",
    );
  });

  test.each([
    ["{{ {'a': {'b': 1}} }}", '{"a":{"b":1}}'],
    ["{{ '}}' }} and {{ \"{{\" }}", "}} and {{"],
    ["{{ state.name }", "{{ state.name }"],
    ["{ {state.name} }", "{ {state.name} }"],
  ])("end where the expression ends: %s", (template, text) => {
    expect(renderText(template, scope)).toBe(text);
  });

  test("do not read what they filled in as a template again", () => {
    expect(
      renderText("{{ state.text }}", { state: { text: "{{ secrets.key }}" }, secrets: { key: "k" } }),
    ).toBe("{{ secrets.key }}");
  });

  test("keep the type of a value that is one expression", () => {
    expect(resolve({ a: "{{ state.list }}", b: ["n={{ state.list[0] }}"] }, scope)).toEqual({
      a: [1, 2],
      b: ["n=1"],
    });
  });
});

describe("what is too large or nested too deep is refused with words that say what to do", () => {
  test.each([
    ["brackets", `${"(".repeat(150)}1${")".repeat(150)}`, "at most 100 levels of an expression"],
    ["members", `input${".a".repeat(150)}`, "at most 100 levels of an expression"],
    ["sums", `1${" + 1".repeat(1500)}`, "at most 500 operators of an expression"],
    ["conditions", `true${" && true".repeat(2200)}`, "at most 500 operators of an expression"],
    ["signs", `${"-".repeat(900)}1`, "at most 500 operators of an expression"],
    ["signs without end", `${"!".repeat(100_000)}true`, "at most 500 operators of an expression"],
    ["parts", `1${" + 1".repeat(3000)}`, "at most 5,000 parts of an expression"],
    ["a list", `[${"1,".repeat(1500)}1]`, "at most 1,000 items of a list or map"],
  ])("%s", (_what, source, words) => {
    expect(() => parseExpression(source)).toThrow(ExpressionError);
    expect(() => parseExpression(source)).toThrow(`Too large: ${words}`);
    expect(() => parseExpression(source)).toThrow("Split up what stands in “");
  });

  test("values", () => {
    let data: unknown = 1;
    for (let depth = 0; depth < 20_000; depth += 1) data = [data];
    for (const source of ["data", "data == data", "data in [data]"])
      expect(() => evaluate(source, { data })).toThrow("nested too deep to be worked with: take a part");
  });

  test("a long sum within the bound is calculated", () => {
    expect(evaluate(`1${" + 1".repeat(450)}`, {})).toBe(451);
  });
});
