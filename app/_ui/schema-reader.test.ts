import { expect, test } from "vitest";
import { tickedText } from "#/app/_ui/schema-choices.ts";
import { readFields, initialDraft } from "#/app/_ui/schema-fields.ts";
import { readForm } from "#/app/_ui/schema-reader.ts";

const SCHEMA = {
  type: "object",
  required: ["topic", "depth"],
  properties: {
    topic: { type: "string" },
    depth: { type: "integer", default: 2 },
    draft: { type: "string", default: "one\ntwo" },
    toneOfVoice: { enum: ["plain", "warm"] },
    urgent: { type: "boolean" },
    tags: { type: "array" },
  },
};
const makeForm = (properties: Readonly<Record<string, unknown>>, required: readonly string[] = []) =>
  readFields({ type: "object", properties, required });

test("reads what was typed as the schema's types and leaves out what is empty", () => {
  const fields = readFields(SCHEMA);
  const draft = { ...initialDraft(fields), topic: "Credits", urgent: "true", tags: '["a"]' };
  expect(readForm(fields, draft)).toEqual({
    ok: true,
    values: { topic: "Credits", depth: 2, draft: "one\ntwo", urgent: true, tags: ["a"] },
  });
});

test("says at each field what is wrong with it", () => {
  const read = readForm(readFields(SCHEMA), { topic: " ", depth: "2.5", tags: "[", toneOfVoice: "shrill" });
  expect(read).toEqual({
    ok: false,
    errors: {
      topic: "This is required.",
      depth: "This must be a whole number.",
      tags: expect.stringContaining("JSON"),
      toneOfVoice: "Choose one from the list.",
    },
  });
});

test("reads days, moments and lists of texts", () => {
  const fields = makeForm({
    day: { type: "string", format: "date" },
    at: { type: "string", format: "date-time" },
    topics: { type: "array", items: { type: "string" } },
  });
  const read = readForm(fields, { day: "2027-01-31", at: "2027-01-31T09:00:00Z", topics: " one \n\ntwo" });
  expect(read).toEqual({
    ok: true,
    values: { day: "2027-01-31", at: "2027-01-31T09:00:00.000Z", topics: ["one", "two"] },
  });
  expect(readForm(fields, { at: "soon" })).toMatchObject({ ok: false });
});

test("what was chosen has the schema's types, in the schema's order", () => {
  const fields = makeForm({
    size: { enum: [1, 2] },
    levels: {
      type: "array",
      items: {
        oneOf: [
          { const: 1, title: "Low" },
          { const: null, title: "None" },
        ],
      },
    },
    days: { type: "array", items: { enum: ["mon", "tue"] } },
  });
  expect(readForm(fields, { size: "2", levels: tickedText(["null", "1"]), days: "" })).toEqual({
    ok: true,
    values: { size: 2, levels: [1, null] },
  });
});

test("nothing ticked is nothing given", () => {
  const days = { type: "array", items: { enum: ["mon", "tue"] } };
  expect(readForm(makeForm({ days }, ["days"]), { days: tickedText([]) })).toEqual({
    ok: false,
    errors: { days: "This is required." },
  });
  expect(readForm(makeForm({ days }), { days: tickedText([]) })).toEqual({ ok: true, values: {} });
});

test.each([
  [{ type: "number", minimum: 1 }, "0", "This must be 1 or more."],
  [{ type: "number", maximum: 5 }, "5.5", "This must be 5 or less."],
  [{ type: "number", exclusiveMinimum: 0 }, "0", "This must be more than 0."],
  [{ type: "number", exclusiveMaximum: 1 }, "1", "This must be less than 1."],
  [{ type: "number", multipleOf: 0.1 }, "0.35", "This must be a multiple of 0.1."],
  [{ type: "number" }, "many", "This must be a number."],
  [{ type: "string", minLength: 3 }, "ab", "This must have at least 3 characters."],
  [{ type: "string", maxLength: 3 }, "abcd", "This must have at most 3 characters; it has 4."],
  [{ type: "string", format: "email" }, "ada", "This must be an email address."],
  [
    { type: "string", format: "uri" },
    "example.com",
    "This must be a URL with its scheme, such as https://example.com.",
  ],
  [{ type: "string", format: "date" }, "2027-13-01", "This must be a date."],
  [{ type: "array", items: { enum: ["a", "b"] }, minItems: 2 }, '["a"]', "This must have at least 2."],
  [{ type: "array", items: { type: "string" }, maxItems: 1 }, "a\nb", "This can have at most 1."],
  [{ type: "object" }, "[1]", 'This must be an object, such as {"key": "value"}.'],
])("%j does not take %s", (schema, typed, error) => {
  expect(readForm(makeForm({ field: schema }), { field: typed })).toEqual({
    ok: false,
    errors: { field: error },
  });
});

test("limits that are kept are no problem", () => {
  const fields = makeForm({
    tenth: { type: "number", multipleOf: 0.1 },
    five: { type: "integer", minimum: 1, maximum: 5 },
    mail: { type: "string", format: "email" },
  });
  expect(readForm(fields, { tenth: "0.3", five: "5", mail: "ada@cairn.local" })).toEqual({
    ok: true,
    values: { tenth: 0.3, five: 5, mail: "ada@cairn.local" },
  });
});

test.each([
  [{ type: "integer" }, "9007199254740993", "This number is too large to be stored exactly."],
  [{ type: "number" }, "-12345678901234567890", "This number is too large to be stored exactly."],
  [{ type: "number" }, "1e999", "This number is too large to be stored exactly."],
  [{ type: "object" }, '{"id": 9007199254740993}', expect.stringContaining("9007199254740993 is more than")],
])("refuses a number that would be rounded: %j %s", (schema, typed, error) => {
  expect(readForm(makeForm({ id: schema }), { id: typed })).toEqual({ ok: false, errors: { id: error } });
});
