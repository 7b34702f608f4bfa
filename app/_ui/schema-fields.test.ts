import { expect, test } from "vitest";
import { fieldsOf, initialDraft, problemsByField, readForm, sampleOf } from "#/app/_ui/schema-fields.ts";

const SCHEMA = {
  type: "object",
  required: ["topic", "depth"],
  properties: {
    topic: { type: "string", description: "What to find out" },
    depth: { type: "integer", default: 2 },
    draft: { type: "string", default: "one\ntwo" },
    toneOfVoice: { enum: ["plain", "warm"] },
    urgent: { type: "boolean" },
    tags: { type: "array" },
  },
};

test("asks for each property in the way that fits its type", () => {
  expect(fieldsOf(SCHEMA).map(({ label, kind, required }) => [label, kind, required])).toEqual([
    ["Topic", "line", true],
    ["Depth", "integer", true],
    ["Draft", "text", false],
    ["Tone of voice", "choice", false],
    ["Urgent", "boolean", false],
    ["Tags", "json", false],
  ]);
});

test("reads what was typed as the schema's types and leaves out what is empty", () => {
  const fields = fieldsOf(SCHEMA);
  const draft = { ...initialDraft(fields), topic: "Credits", urgent: "true", tags: '["a"]' };
  expect(readForm(fields, draft)).toEqual({ ok: true, values: { topic: "Credits", depth: 2, draft: "one\ntwo", urgent: true, tags: ["a"] } });
});

test("says at each field what is wrong with it", () => {
  const read = readForm(fieldsOf(SCHEMA), { topic: " ", depth: "2.5", tags: "[" });
  expect(read).toEqual({ ok: false, errors: { topic: "This is needed.", depth: "This must be a whole number.", tags: expect.stringContaining("JSON") } });
});

test("puts the server's problems at their fields", () => {
  expect(problemsByField([{ path: "/input/topic", message: "is too short" }])).toEqual({ topic: "is too short" });
});

test("makes a sample from defaults, choices and types", () => {
  expect(sampleOf(SCHEMA)).toEqual({ topic: "…", depth: 2, draft: "one\ntwo", toneOfVoice: "plain", urgent: true, tags: [] });
});

test("days, moments, addresses, long texts and lists of texts have fields of their own", () => {
  const properties = {
    day: { type: "string", format: "date" },
    at: { type: "string", format: "date-time" },
    mail: { type: "string", format: "email" },
    page: { type: "string", format: "uri" },
    note: { type: "string", maxLength: 4000 },
    topics: { type: "array", items: { type: "string" }, default: ["a", "b"] },
  };
  const fields = fieldsOf({ type: "object", properties });
  expect(Object.fromEntries(fields.map(({ name, kind }) => [name, kind]))).toEqual({ day: "date", at: "moment", mail: "email", page: "url", note: "text", topics: "lines" });
  expect(fields.find(({ name }) => name === "topics")?.initial).toBe("a\nb");
  const read = readForm(fields, { day: "2027-01-31", at: "2027-01-31T09:00:00Z", topics: " one \n\ntwo" });
  expect(read).toEqual({ ok: true, values: { day: "2027-01-31", at: "2027-01-31T09:00:00.000Z", topics: ["one", "two"] } });
  expect(readForm(fields, { at: "soon" })).toMatchObject({ ok: false });
});
