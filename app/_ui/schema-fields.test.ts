import { expect, test } from "vitest";
import {
  exampleDraft,
  initialDraft,
  readFields,
  problemsByField,
  makeSample,
  type SchemaField,
  shownValue,
} from "#/app/_ui/schema-fields.ts";

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
  expect(readFields(SCHEMA).map(({ label, kind, required }) => [label, kind, required])).toEqual([
    ["Topic", "line", true],
    ["Depth", "integer", true],
    ["Draft", "text", false],
    ["Tone of voice", "choice", false],
    ["Urgent", "boolean", false],
    ["Tags", "json", false],
  ]);
});

test("puts the server's problems at their fields", () => {
  expect(problemsByField([{ path: "/input/topic", message: "is too short" }])).toEqual({
    topic: "is too short",
  });
});

test("makes a sample from defaults, choices and types", () => {
  expect(makeSample(SCHEMA)).toEqual({
    topic: "…",
    depth: 2,
    draft: "one\ntwo",
    toneOfVoice: "plain",
    urgent: true,
    tags: [],
  });
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
  const fields = readFields({ type: "object", properties });
  expect(Object.fromEntries(fields.map(({ name, kind }) => [name, kind]))).toEqual({
    day: "date",
    at: "moment",
    mail: "email",
    page: "url",
    note: "text",
    topics: "lines",
  });
  expect(fields.find(({ name }) => name === "topics")?.initial).toBe("a\nb");
});

const REGION = {
  oneOf: [
    { const: "eu", title: "Europe" },
    { const: "us", title: "America" },
  ],
};
const CHOOSING = readFields({
  type: "object",
  properties: {
    region: { ...REGION, default: "us" },
    size: { enum: [1, 2, 3], enumNames: ["Small", "Middle", "Large"] },
    days: { type: "array", items: { enum: ["mon", "tue"] }, minItems: 1, maxItems: 2, default: ["tue"] },
    places: { type: "array", items: REGION },
    nullable: { type: ["string", "null"] },
    agreed: { type: "boolean", default: true },
  },
});
const named = (name: string): SchemaField => {
  const field = CHOOSING.find((it) => it.name === name);
  if (!field) throw new Error(name);
  return field;
};

test("choices have titles, of one and of several", () => {
  expect(CHOOSING.map(({ name, kind, choices }) => [name, kind, choices.map(({ label }) => label)])).toEqual([
    ["region", "choice", ["Europe", "America"]],
    ["size", "choice", ["Small", "Middle", "Large"]],
    ["days", "choices", ["mon", "tue"]],
    ["places", "choices", ["Europe", "America"]],
    ["nullable", "line", []],
    ["agreed", "boolean", []],
  ]);
});

test("asks in the author's order where it is known", () => {
  const properties = { aim: { type: "string" }, name: { type: "string" }, more: { type: "string" } };
  expect(
    readFields({ properties, required: ["aim"], "x-order": ["name", "more", "aim"] }).map(({ name }) => name),
  ).toEqual(["name", "more", "aim"]);
});

test("defaults are chosen at first", () => {
  expect([
    named("region").initial,
    named("days").initial,
    named("places").initial,
    named("agreed").initial,
  ]).toEqual(["us", '["tue"]', "", "true"]);
});

test("limits are told beforehand", () => {
  const stars = readFields({
    properties: { stars: { type: "integer", minimum: 1, maximum: 5, description: "How good was it?" } },
  });
  expect([stars[0]?.hint, named("days").hint]).toEqual(["How good was it? From 1 to 5.", "From 1 to 2."]);
  const large = readFields({ properties: { limit: { type: "number", minimum: 2030.5, maximum: 1e12 } } });
  const tens = readFields({
    properties: { limit: { type: "number", description: "In euros", maximum: 20_300 } },
  });
  expect(tens[0]?.hint).toBe("In euros. 20,300 at most.");
  // What nobody comes near is no limit to tell.
  expect(large[0]?.hint).toBe("2030.5 or more.");
});

test("what was chosen is shown by its titles", () => {
  expect([
    shownValue(named("size"), 3),
    shownValue(named("places"), ["us", "elsewhere"]),
    shownValue(named("agreed"), false),
  ]).toEqual(["Large", ["America", "elsewhere"], "No"]);
});

test("a problem deep in a value is told at its field", () => {
  expect(
    problemsByField(
      [
        { path: "/values/days/0", message: "must be one of them" },
        { path: "/cron", message: "is wrong" },
      ],
      CHOOSING,
    ),
  ).toEqual({ days: "0: must be one of them", cron: "is wrong" });
});

test("a list of texts that is empty from the start has no line", () => {
  const list = { type: "array", items: { type: "string" }, default: [] };
  const fields = readFields({ type: "object", properties: { copies: list } });
  expect(fields[0]?.initial).toBe("");
});

test("examples fill a form where the schema does not say what a field holds at first", () => {
  const fields = readFields({
    properties: {
      place: { type: "string", examples: ["Lisbon", "Porto"] },
      days: { type: "integer", default: 3, examples: [5] },
      stops: { type: "array", items: { type: "string" }, examples: [["a", "b"]] },
      note: { type: "string" },
    },
  });
  expect(exampleDraft(fields)).toEqual({ place: "Lisbon", days: "3", stops: "a\nb", note: "" });
  expect(initialDraft(fields)["place"]).toBe("");
  expect(exampleDraft(readFields({ properties: { note: { type: "string" } } }))).toBe(undefined);
});
