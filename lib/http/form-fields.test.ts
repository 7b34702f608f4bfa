import * as v from "valibot";
import { expect, test } from "vitest";
import { fieldOf, readFields, readTexts, writeAtField } from "#/lib/http/form-fields.ts";

const Schema = v.strictObject({
  name: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1))),
  note: v.optional(v.string(), ""),
  most: v.optional(v.nullable(v.pipe(v.number(), v.integer()))),
  rate: v.number(),
  isOn: v.optional(v.boolean()),
  tags: v.optional(v.array(v.string())),
  inner: v.optional(v.nullable(v.strictObject({ deep: v.optional(v.number()) }))),
});

const read = (...fields: readonly (readonly [string, string])[]) => {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  return readFields(Schema, readTexts(form));
};

test("texts become what the schema asks for, and objects what names with dots say", () => {
  expect(
    read(
      ["name", "Ada"],
      ["most", " 12 "],
      ["rate", "1.5e3"],
      ["isOn", "on"],
      ["tags", "a"],
      ["tags", "b"],
      ["inner.deep", "7"],
    ),
  ).toEqual({ name: "Ada", most: 12, rate: 1500, isOn: true, tags: ["a", "b"], inner: { deep: 7 } });
});

test("an empty field is null where that is taken, else absent; one that was not sent is absent", () => {
  expect(read(["name", ""], ["most", " "], ["rate", ""], ["inner.deep", ""])).toEqual({ most: null });
  expect(read()).toEqual({});
});

test.each(["twelve", "1,000", "Infinity", "NaN", "1 000"])(
  "%s is no number, and stays what was typed",
  (typed) => {
    expect(read(["rate", typed])).toEqual({ rate: typed });
  },
);

test("a field that the operation does not have is there for its schema to refuse, one of React or of every form is not", () => {
  const fields = read(
    ["rate", "1"],
    ["role", "admin"],
    ["$ACTION_KEY", "k"],
    ["cairn:workspace", "w"],
    ["__proto__", "x"],
  );
  expect(fields).toEqual({ rate: 1, role: ["admin"] });
  expect(v.safeParse(Schema, fields).success).toBe(false);
});

test("an object with keys of its own is JSON; what is none stays what was typed, and is refused", () => {
  const Free = v.strictObject({ input: v.optional(v.record(v.string(), v.unknown()), {}) });
  const readFree = (input: string) => readFields(Free, new Map([["input", [input]]]));
  expect(readFree('{"a": [1]}')).toEqual({ input: { a: [1] } });
  expect(readFree(" ")).toEqual({});
  for (const wrong of ["{", "7", "null"]) expect(v.safeParse(Free, readFree(wrong)).success).toBe(false);
});

test("a field that comes twice is refused, not obeyed by half", () => {
  expect(v.safeParse(Schema, read(["rate", "1"], ["rate", "2"])).success).toBe(false);
});

test("lines of a text are apart as everywhere else", () => {
  expect(read(["note", "a\r\nb"])).toEqual({ note: "a\nb" });
});

test("a problem stands at its field, in a sentence", () => {
  expect(fieldOf({ path: "/monthly/maxTokens", message: "" })).toBe("monthly.maxTokens");
  expect(fieldOf({ path: "/scopes/3", message: "" })).toBe("scopes");
  expect(fieldOf({ path: "", message: "" })).toBe("");
  expect(writeAtField({ path: "/a", message: "must be a whole number" })).toBe("Must be a whole number.");
  expect(writeAtField({ path: "/a", message: "is missing" })).toBe("Fill this in.");
});
