import type { Problem } from "#/lib/http/wire.ts";

type JsonObject = Readonly<Record<string, unknown>>;
type FieldKind = "line" | "text" | "lines" | "date" | "moment" | "email" | "url" | "number" | "integer" | "boolean" | "choice" | "json";

/** One property of a JSON Schema, as a form asks for it. */
export interface SchemaField {
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly hint: string | undefined;
  readonly choices: readonly string[];
  /** What the field holds at first. */
  readonly initial: string;
}

/** What people have typed, by the field's name. */
export type FormDraft = Readonly<Record<string, string>>;

export type ReadForm = { readonly ok: true; readonly values: JsonObject } | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

/** A text longer than this, or of several lines, gets an area of its own. */
const LINE_LENGTH = 80;
/** Who may write more than this is given room for it. */
const LONG_TEXT = 200;

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields of an object schema, the required ones first. What is more involved than a plain value is asked for as JSON. */
export function fieldsOf(schema: JsonObject | null): readonly SchemaField[] {
  const properties = isObject(schema?.["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema?.["required"]) ? schema["required"] : [];
  const fields = Object.entries(properties).map(([name, given]) => {
    const property = isObject(given) ? given : {};
    const initial = initialOf(property["default"]);
    return {
      name,
      label: typeof property["title"] === "string" ? property["title"] : labelOf(name),
      kind: kindOf(property, initial),
      required: required.includes(name),
      hint: typeof property["description"] === "string" ? property["description"] : undefined,
      choices: Array.isArray(property["enum"]) ? property["enum"].map(textOf) : [],
      initial,
    };
  });
  return fields.toSorted((a, b) => Number(b.required) - Number(a.required));
}

/** firstName, first_name → First name */
export function labelOf(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ").replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A list of texts is one line each. */
function initialOf(value: unknown): string {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string") ? value.join("\n") : textOf(value);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function kindOf(property: JsonObject, initial: string): FieldKind {
  if (Array.isArray(property["enum"])) return "choice";
  const type = property["type"];
  if (type === "number" || type === "integer" || type === "boolean") return type;
  if (type === "array" && isObject(property["items"]) && property["items"]["type"] === "string" && property["items"]["enum"] === undefined) return "lines";
  return type === "string" ? textKindOf(property, initial) : "json";
}

const KIND_BY_FORMAT: Readonly<Record<string, FieldKind>> = { "date": "date", "date-time": "moment", "email": "email", "uri": "url", "textarea": "text", "multiline": "text" };

function textKindOf({ format, maxLength }: JsonObject, initial: string): FieldKind {
  const byFormat = KIND_BY_FORMAT[typeof format === "string" ? format : ""];
  const isLong = initial.includes("\n") || initial.length > LINE_LENGTH || (typeof maxLength === "number" && maxLength > LONG_TEXT);
  return byFormat ?? (isLong ? "text" : "line");
}

export function initialDraft(fields: readonly SchemaField[]): FormDraft {
  return Object.fromEntries(fields.map(({ name, initial }) => [name, initial]));
}

/** Turns what was typed into values of the schema's types. Empty optional fields are left out. */
export function readForm(fields: readonly SchemaField[], draft: FormDraft): ReadForm {
  const values: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const typed = draft[field.name] ?? "";
    const isEmpty = typed.trim() === "";
    if (isEmpty && field.required && field.kind !== "boolean") errors[field.name] = "This is needed.";
    if (isEmpty && field.kind !== "boolean") continue;
    const value = READERS[field.kind](typed);
    if (value.ok) values[field.name] = value.value;
    else errors[field.name] = value.error;
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, values };
}

type ReadValue = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string };

const asTyped = (typed: string): ReadValue => ({ ok: true, value: typed });

/** How what was typed is read. */
const READERS: Readonly<Record<FieldKind, (typed: string) => ReadValue>> = {
  line: asTyped,
  text: asTyped,
  choice: asTyped,
  date: asTyped,
  email: asTyped,
  url: asTyped,
  moment: (typed) => momentOf(typed),
  lines: (typed) => ({ ok: true, value: typed.split("\n").map((line) => line.trim()).filter(Boolean) }),
  boolean: (typed) => ({ ok: true, value: typed === "true" }),
  number: (typed) => numberOf("number", typed),
  integer: (typed) => numberOf("integer", typed),
  json: (typed) => jsonOf(typed),
};

/** What a browser's field gives is the person's local time. */
function momentOf(typed: string): ReadValue {
  const moment = new Date(typed);
  return Number.isNaN(moment.getTime()) ? { ok: false, error: "This must be a day and a time." } : { ok: true, value: moment.toISOString() };
}

function numberOf(kind: "number" | "integer", typed: string): ReadValue {
  const value = Number(typed);
  if (Number.isNaN(value)) return { ok: false, error: "This must be a number." };
  return kind === "integer" && !Number.isInteger(value) ? { ok: false, error: "This must be a whole number." } : { ok: true, value };
}

/** Reads JSON. Its errors speak to people. */
function jsonOf(typed: string): ReadValue {
  try {
    const value: unknown = JSON.parse(typed);
    return { ok: true, value };
  } catch (error) {
    return { ok: false, error: `This must be JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The problems the server found, by the field they are about. */
export function problemsByField(problems: readonly Problem[]): Readonly<Record<string, string>> {
  return Object.fromEntries(problems.map(({ path, message }) => [path.split("/").at(-1) ?? "", message]));
}

const SAMPLES: Readonly<Record<string, unknown>> = { string: "…", number: 1, integer: 1, boolean: true, array: [], object: {} };

/** An input that fits the schema's types, to start from. */
export function sampleOf(schema: JsonObject | null): JsonObject {
  const properties = isObject(schema?.["properties"]) ? schema["properties"] : {};
  const entries = Object.entries(properties).map(([name, given]): [string, unknown] => {
    const property = isObject(given) ? given : {};
    const choices = Array.isArray(property["enum"]) ? property["enum"] : [];
    return [name, property["default"] ?? choices[0] ?? SAMPLES[textOf(property["type"])] ?? null];
  });
  return Object.fromEntries(entries);
}
