import { assert, bigInt, integer, jsonValue, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { inexactNumbersIn, parseJson } from "#/lib/exact-json.ts";

describe("numbers in JSON", () => {
  test("beyond 2^53 stay the text of their digits, wherever they stand", () => {
    expect(
      parseJson('{"id":12345678901234567890,"in":[{"n":-9007199254740993}],"text":"12345678901234567890"}'),
    ).toEqual({
      id: "12345678901234567890",
      in: [{ n: "-9007199254740993" }],
      text: "12345678901234567890",
    });
    expect(parseJson("1e400")).toBe("1e400");
  });

  test("up to 2^53 are numbers, like everything that has a fraction", () => {
    expect(parseJson("[9007199254740991,-9007199254740991,1e20,0.1234567890123]")).toEqual([
      9007199254740991, -9007199254740991, 1e20, 0.1234567890123,
    ]);
  });

  test("of integers never come out as another integer", () => {
    assert(
      property(bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (n) => {
        expect(String(parseJson(String(n)))).toBe(String(n));
      }),
    );
    assert(
      property(integer(), (n) => {
        expect(parseJson(String(n))).toBe(n);
      }),
    );
  });

  test("leave every other value as it is", () => {
    const texts = jsonValue()
      .map((value) => JSON.stringify(value))
      .filter((text) => inexactNumbersIn(text).length === 0);
    assert(
      property(texts, (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test("that cannot be held are told with their place", () => {
    expect(inexactNumbersIn('{"input":{"a/b":[1,12345678901234567890]}}')).toEqual([
      { path: "/input/a~1b/1", digits: "12345678901234567890" },
    ]);
    expect(inexactNumbersIn('{"n":1}')).toEqual([]);
  });
});
