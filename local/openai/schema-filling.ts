import { isRecord } from "#/local/openai/chat.ts";
import type { Source } from "#/local/openai/evidence.ts";
import { emailIn, expressionIn, urlIn } from "#/local/openai/extracts.ts";
import { isNegated, listTerms, listTopicTerms } from "#/local/openai/language.ts";
import { noteFacts } from "#/local/openai/noted-facts.ts";
import { answering, nearest, sentencesIn, type Sentence } from "#/local/openai/ranking.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

/** The sources that the values of a JSON object are taken from. */
export interface Filling {
  readonly question: string;
  readonly evidence: readonly Source[];
  /** The model's answer in words, for fields that ask for it. */
  readonly answer: string;
}

/** One field: its name and its schema say what is wanted. */
interface Field {
  readonly name: string;
  readonly schema: JsonSchema;
}

const ASKS_FOR_SOURCES = /source|citation|reference/i;
const UNIT = /minute|hour|day|week|month|year|second|percent|%|dollar|\$/i;
const NUMBER = /-?\d[\d,]*\.?\d*/;

/** A value that fits the schema, filled from the question and the evidence by simple rules. */
export function fillSchema(schema: unknown, filling: Filling): unknown {
  return fill({ name: "", schema: chooseVariant(schema) }, filling);
}

function fill(field: Field, filling: Filling): unknown {
  const { schema } = field;
  if (schema["const"] !== undefined) return schema["const"];
  if (Array.isArray(schema["enum"])) return fillEnum(field, schema["enum"], filling);
  switch (readType(schema)) {
    case "object":
      return fillObject(schema, filling);
    case "array":
      return fillArray(field, filling);
    case "integer":
    case "number":
      return fillNumber(field, filling);
    case "boolean":
      return !isNegated(closest(field, filling));
    case "null":
      return null;
    default:
      return fillString(field, filling).slice(0, limit(schema, "maxLength", 2000));
  }
}

function fillObject(schema: JsonSchema, filling: Filling): Record<string, unknown> {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const wanted = Object.entries(properties).filter(
    ([name, property]) => required.includes(name) || !isOptional(property),
  );
  return Object.fromEntries(
    wanted.map(([name, property]) => [name, fill({ name, schema: chooseVariant(property) }, filling)]),
  );
}

/** Optional fields of these kinds are left to their defaults; optional text is filled if there is evidence for it. */
function isOptional(property: unknown): boolean {
  return (
    isRecord(property) &&
    (property["default"] !== undefined || readType(chooseVariant(property)) !== "string")
  );
}

function fillArray(field: Field, filling: Filling): unknown[] {
  const most = Math.min(limit(field.schema, "maxItems", 5), 5);
  const items = chooseVariant(field.schema["items"]);
  if (isRecord(items["properties"]) && "replaces" in items["properties"])
    return noteFacts(joinTexts(filling)).map((text) => ({ text, importance: 5, replaces: [] }));
  const labels = [...new Set(filling.evidence.flatMap(({ label }) => label ?? []))];
  if (ASKS_FOR_SOURCES.test(field.name) && readType(items) === "string") return labels.slice(0, most);
  const sentences = sentencesIn(filling.evidence);
  const relevant = answering(
    sentences,
    { text: filling.question, terms: listTopicTerms(filling.question) },
    { most, shareOfBest: 0.15, shareOfCovered: 1 },
  );
  const chosen: readonly Sentence[] = relevant.length > 0 ? relevant : sentences.slice(0, most);
  return chosen.map(({ text, label }) =>
    readType(items) === "string"
      ? text
      : fill(
          { name: field.name, schema: items },
          { question: text, evidence: [{ label, text }], answer: text },
        ),
  );
}

function fillEnum({ name, schema }: Field, choices: readonly unknown[], filling: Filling): unknown {
  const mentioned = new Set(
    listTerms(`${filling.question} ${closest({ name, schema }, filling)} ${filling.answer}`),
  );
  const describeChoice = (choice: unknown) =>
    `${String(choice).replace(/[_-]/g, " ")} ${lineAbout(wordsIn(schema, "description"), String(choice))}`;
  const hits = (choice: unknown) =>
    listTerms(describeChoice(choice)).filter((term) => mentioned.has(term)).length;
  return choices.toSorted((one, other) => hits(other) - hits(one))[0];
}

/** Finds a description's line about one of the choices: "- name: when it fits". */
function lineAbout(description: string, choice: string): string {
  const line = description.split("\n").find((text) => text.startsWith(`- ${choice}: `));
  return line?.slice(choice.length + 4) ?? "";
}

function fillNumber(field: Field, filling: Filling): number {
  const { schema, name } = field;
  const body = filling.evidence.map(({ text }) => text).join("\n");
  const unit = UNIT.exec(`${name} ${wordsIn(schema, "description")}`)?.[0].replace("$", String.raw`\$`);
  const withUnit =
    unit === undefined ? undefined : new RegExp(`(${NUMBER.source})\\s*${unit}`, "i").exec(body)?.[1];
  const found = withUnit ?? NUMBER.exec(closest(field, filling))?.[0] ?? NUMBER.exec(filling.question)?.[0];
  const value =
    found === undefined
      ? limit(schema, "minimum", limit(schema, "default", 0))
      : Number(found.replace(/,/g, ""));
  const bounded = Math.min(
    limit(schema, "maximum", Infinity),
    Math.max(limit(schema, "minimum", -Infinity), value),
  );
  return readType(schema) === "integer" ? Math.round(bounded) : bounded;
}

function fillString(field: Field, filling: Filling): string {
  const rule = STRING_RULES.find(({ asks }) => asks(field));
  return rule === undefined ? closest(field, filling) : rule.give(filling, field);
}

interface StringRule {
  readonly asks: (field: Field) => boolean;
  readonly give: (filling: Filling, field: Field) => string;
}

/** The first rule whose field it is decides. */
const STRING_RULES: readonly StringRule[] = [
  {
    asks: ({ name, schema }) => schema["format"] === "email" || /email/i.test(name),
    give: (filling) => emailIn(joinTexts(filling)) ?? "",
  },
  { asks: isUrlField, give: (filling) => urlIn(joinTexts(filling)) ?? "" },
  { asks: isExpressionField, give: ({ question }) => expressionIn(question) ?? question },
  {
    asks: ({ name }) => /query|question|search|prompt|topic|input/i.test(name),
    give: ({ question }) => question.slice(0, 300),
  },
  {
    asks: ({ name }) => /title|name|subject|headline/i.test(name),
    give: (filling, field) => firstWords(closest(field, filling), 8),
  },
  {
    asks: ({ name }) => /answer|summary|brief|report|content|body|text|result|message/i.test(name),
    give: ({ answer }) => answer,
  },
];

export function isUrlField({ name, schema }: Field): boolean {
  return schema["format"] === "uri" || /^(?:url|uri|link|address)$/i.test(name);
}

export function isExpressionField({ name }: Pick<Field, "name">): boolean {
  return /expression|formula/i.test(name);
}

const joinTexts = ({ question, evidence }: Filling) =>
  [question, ...evidence.map(({ text }) => text)].join("\n");

/** The sentence of the evidence nearest to what the field is called and described as. */
function closest({ name, schema }: Field, { evidence, question, answer }: Filling): string {
  const hint = listTerms(
    `${name.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/_/g, " ")} ${wordsIn(schema, "description")}`,
  );
  const sentences = sentencesIn(evidence);
  return (
    (nearest(sentences, hint) ?? nearest(sentences, listTopicTerms(question)) ?? sentences[0])?.text ??
    (answer || question)
  );
}

const firstWords = (sentence: string, count: number) => sentence.split(/\s+/).slice(0, count).join(" ");

/** The first alternative that is not null, where a schema offers several. */
function chooseVariant(schema: unknown): JsonSchema {
  if (!isRecord(schema)) return {};
  const alternatives = schema["anyOf"] ?? schema["oneOf"];
  if (!Array.isArray(alternatives)) return schema;
  const chosen = alternatives.find((alternative) => isRecord(alternative) && alternative["type"] !== "null");
  return isRecord(chosen) ? chosen : schema;
}

function readType(schema: JsonSchema): string {
  const { type } = schema;
  const named = Array.isArray(type) ? type.find((name) => name !== "null") : type;
  if (typeof named === "string") return named;
  return schema["properties"] === undefined ? "string" : "object";
}

function limit(schema: JsonSchema, key: string, otherwise: number): number {
  const value = schema[key];
  return typeof value === "number" ? value : otherwise;
}

function wordsIn(schema: JsonSchema, key: string): string {
  const value = schema[key];
  return typeof value === "string" ? value : "";
}
