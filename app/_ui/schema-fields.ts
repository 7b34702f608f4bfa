import type { Problem } from "#/lib/http/wire.ts";

type JsonObject = Readonly<Record<string, unknown>>;
type FieldKind = "line" | "text" | "number" | "integer" | "boolean" | "choice" | "json";

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

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields of an object schema, the required ones first. What is more involved than a plain value is asked for as JSON. */
export function fieldsOf(schema: JsonObject | null): readonly SchemaField[] {
  const properties = isObject(schema?.["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema?.["required"]) ? schema["required"] : [];
  const fields = Object.entries(properties).map(([name, given]) => {
    const property = isObject(given) ? given : {};
    const initial = textOf(property["default"]);
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

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function kindOf(property: JsonObject, initial: string): FieldKind {
  if (Array.isArray(property["enum"])) return "choice";
  const type = property["type"];
  if (type === "number" || type === "integer" || type === "boolean") return type;
  if (type !== "string") return "json";
  const isLong = initial.includes("\n") || initial.length > LINE_LENGTH || property["format"] === "multiline";
  return isLong ? "text" : "line";
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
    const value = valueOf(field.kind, typed);
    if (value.ok) values[field.name] = value.value;
    else errors[field.name] = value.error;
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, values };
}

type ReadValue = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string };

function valueOf(kind: FieldKind, typed: string): ReadValue {
  switch (kind) {
    case "line":
    case "text":
    case "choice":
      return { ok: true, value: typed };
    case "boolean":
      return { ok: true, value: typed === "true" };
    case "number":
    case "integer":
      return numberOf(kind, typed);
    case "json":
      return jsonOf(typed);
  }
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
