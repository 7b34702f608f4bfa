import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExpression } from "#/agents/definition/expression/expression.ts";

const resultsOf = (source: string) => parseExpression(source).results;

describe("the texts that an expression can give", () => {
  test.each([
    ["['a', 'b']", ["a", "b"], false],
    ["input.is ? ['a'] : ['b', 'a']", ["a", "b"], false],
    ["['a'] + (input.is ? ['b'] : [])", ["a", "b"], false],
    ["['a', 'b'].filter(name, name in ['a', 'c'])", ["a", "b"], false],
    ["[input.is ? 'a' : 'b']", ["a", "b"], false],
    ["input.role in ['admin'] ? ['a'] : []", ["a"], false],
    ["['a'] + input.tools", ["a"], true],
    ["input.tools", [], true],
    ["['a', input.tool]", ["a"], true],
    ["['a'].map(name, 'x' + name)", [], true],
  ])("%s", (source, texts, isOpen) => {
    expect(resultsOf(source)).toEqual({ texts, isOpen });
  });

  test("are all that it gives, unless it says that there may be others", () => {
    const name = fc.constantFrom("a", "b", "c");
    const list = fc.array(name, { maxLength: 3 }).map((names) => JSON.stringify(names));
    const { source } = fc.letrec<{ source: string }>((tie) => ({
      source: fc.oneof(
        { maxDepth: 4 },
        list,
        fc.tuple(tie("source"), tie("source")).map(([one, other]) => `(${one} + ${other})`),
        fc
          .tuple(fc.boolean(), tie("source"), tie("source"))
          .map(([is, one, other]) => `(input.${is ? "yes" : "no"} ? ${one} : ${other})`),
        fc.tuple(tie("source"), name).map(([all, but]) => `${all}.filter(x, x != '${but}')`),
      ),
    }));
    fc.assert(
      fc.property(source, (text) => {
        const { results, evaluate } = parseExpression(text);
        const given = evaluate({ input: { yes: true, no: false } });
        expect(results.isOpen).toBe(false);
        expect(results.texts).toEqual(expect.arrayContaining(given as string[]));
      }),
    );
  });
});
