import { toLabel } from "#/lib/label.ts";
import { type Choice, choiceKey, readChoices, tickedText } from "#/app/_ui/schema-choices.ts";
import { limitHint } from "#/app/_ui/schema-limits.ts";
import type { Problem } from "#/lib/http/wire.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

export type FieldKind =
  | "line"
  | "text"
  | "lines"
  | "date"
  | "moment"
  | "email"
  | "url"
  | "number"
  | "integer"
  | "boolean"
  | "choice"
  | "choices"
  | "json";

/** One property of a JSON Schema, as a form asks for it. */
export interface SchemaField {
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly hint: string | undefined;
  /** The values that can be chosen: one of them in a "choice", several in "choices". */
  readonly choices: readonly Choice[];
  /** The value that the field holds at first. */
  readonly initial: string;
  /** The first example that the schema gives, as the field would hold it. */
  readonly example: string | undefined;
  /** The property's own schema, with its limits. */
  readonly schema: JsonObject;
}

/** The texts that people have typed, by the field's name. */
export type FormDraft = Readonly<Record<string, string>>;

/** A text longer than this, or of several lines, gets an area of its own. */
const LINE_LENGTH = 80;
/** A field that takes more characters than this is given room for them. */
const LONG_TEXT = 200;

/** The fields of an object schema in its author's order; where that is not known, the required ones first. What is more involved than a plain value is asked for as JSON. */
export function readFields(schema: JsonObject | null): readonly SchemaField[] {
  const properties = isJsonObject(schema?.["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema?.["required"]) ? schema["required"] : [];
  const order = schema?.["x-order"];
  const fields = Object.entries(properties).map(([name, given]) => {
    const property = isJsonObject(given) ? given : {};
    const kind = chooseKind(property);
    return {
      name,
      label: typeof property["title"] === "string" ? property["title"] : toLabel(name),
      kind,
      required: required.includes(name),
      hint: describeHint(property),
      choices: readChoices(kind === "choices" ? property["items"] : property) ?? [],
      initial: writeInitial(kind, property["default"]),
      example: writeExample(kind, exampleIn(property)),
      schema: property,
    };
  });
  if (!Array.isArray(order)) return fields.toSorted((a, b) => Number(b.required) - Number(a.required));
  return fields.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

const exampleIn = ({ examples }: JsonObject): unknown => (Array.isArray(examples) ? examples[0] : undefined);

function describeHint(property: JsonObject): string | undefined {
  const { description } = property;
  const limit = limitHint(property);
  if (typeof description !== "string" || description.trim() === "") return limit;
  if (limit === undefined) return description;
  return `${/[.!?…:]$/.test(description.trim()) ? description.trim() : `${description.trim()}.`} ${limit}`;
}

function chooseKind(property: JsonObject): FieldKind {
  if (readChoices(property)) return "choice";
  const type = readType(property);
  switch (type) {
    case "number":
    case "integer":
    case "boolean":
      return type;
    case "array":
      return chooseListKind(property);
    case "string":
      return chooseTextKind(property);
    default:
      return "json";
  }
}

function chooseListKind({ items }: JsonObject): FieldKind {
  if (readChoices(items)) return "choices";
  return isJsonObject(items) && items["type"] === "string" ? "lines" : "json";
}

/** Reads the type of a schema; a value that may also be null is left empty. */
function readType({ type }: JsonObject): unknown {
  const types = [type].flat().filter((it) => it !== "null");
  return types.length === 1 ? types[0] : undefined;
}

const KIND_BY_FORMAT: Readonly<Record<string, FieldKind>> = {
  date: "date",
  "date-time": "moment",
  email: "email",
  uri: "url",
  textarea: "text",
  multiline: "text",
};

function chooseTextKind({ format, maxLength, default: initial }: JsonObject): FieldKind {
  const byFormat = KIND_BY_FORMAT[typeof format === "string" ? format : ""];
  const begun = writeText(initial);
  const isLong =
    begun.includes("\n") ||
    begun.length > LINE_LENGTH ||
    (typeof maxLength === "number" && maxLength > LONG_TEXT);
  return byFormat ?? (isLong ? "text" : "line");
}

const writeExample = (kind: FieldKind, example: unknown): string | undefined =>
  example === undefined ? undefined : writeInitial(kind, example);

/** A list of texts is one line each. */
function writeInitial(kind: FieldKind, value: unknown): string {
  if (kind === "boolean") return String(value === true);
  if (value === undefined) return "";
  if (kind === "choice") return choiceKey(value);
  if (kind === "choices") return tickedText([value].flat().map(choiceKey));
  return isTextList(kind, value) ? value.join("\n") : writeText(value);
}

/** A list of texts is written one line each; an empty list only where a field is made of lines. */
function isTextList(kind: FieldKind, value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || (kind !== "lines" && value.length === 0)) return false;
  return value.every((item) => typeof item === "string");
}

function writeText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

export function initialDraft(fields: readonly SchemaField[]): FormDraft {
  return Object.fromEntries(fields.map(({ name, initial }) => [name, initial]));
}

/** The examples of a schema as a draft, where it does not say what a field holds at first; undefined when it gives none. */
export function exampleDraft(fields: readonly SchemaField[]): FormDraft | undefined {
  if (fields.every(({ example }) => example === undefined)) return undefined;
  return Object.fromEntries(fields.map(({ name, initial, example }) => [name, initial || (example ?? "")]));
}

/** An input as a draft: the values of fields that the schema still has, and what the others hold at first. */
export function filledDraft(fields: readonly SchemaField[], values: JsonObject): FormDraft {
  return Object.fromEntries(
    fields.map(({ name, kind, initial }) => [
      name,
      values[name] === undefined ? initial : writeInitial(kind, values[name]),
    ]),
  );
}

/** A value of a field as people read it: the titles of what was chosen, yes or no; everything else as it is. */
export function shownValue({ kind, choices }: SchemaField, value: unknown): unknown {
  const titleOf = (chosen: unknown) => choices.find(({ key }) => key === choiceKey(chosen))?.label ?? chosen;
  if (kind === "choice") return titleOf(value);
  if (kind === "choices" && Array.isArray(value)) return value.map(titleOf);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return typeof value === "number" ? String(value) : value;
}

/** The problems the server found, by the field they are about: also those that lie deep in its value. */
export function problemsByField(
  problems: readonly Problem[],
  fields: readonly SchemaField[] = [],
): Readonly<Record<string, string>> {
  const names = new Set(fields.map(({ name }) => name));
  return Object.fromEntries(
    problems.map(({ path, message }) => {
      const keys = path.split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
      const index = keys.findIndex((key) => names.has(key));
      const inside = index === -1 ? [] : keys.slice(index + 1);
      return [
        keys[index] ?? keys.at(-1) ?? "",
        inside.length > 0 ? `${inside.join("/")}: ${message}` : message,
      ];
    }),
  );
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  string: "…",
  number: 1,
  integer: 1,
  boolean: true,
  array: [],
  object: {},
};

/** An input that fits the schema's types, to start from. */
export function makeSample(schema: JsonObject | null): JsonObject {
  const properties = isJsonObject(schema?.["properties"]) ? schema["properties"] : {};
  const entries = Object.entries(properties).map(([name, given]): [string, unknown] => {
    const property = isJsonObject(given) ? given : {};
    return [
      name,
      property["default"] ??
        exampleIn(property) ??
        readChoices(property)?.[0]?.value ??
        SAMPLES[writeText(readType(property))] ??
        null,
    ];
  });
  return Object.fromEntries(entries);
}
