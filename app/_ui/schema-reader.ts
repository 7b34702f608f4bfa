import { type Choice, tickedKeys } from "#/app/_ui/schema-choices.ts";
import type { FieldKind, FormDraft, SchemaField } from "#/app/_ui/schema-fields.ts";
import { limitProblem } from "#/app/_ui/schema-limits.ts";
import { inexactMessage, inexactNumbersIn, isInexact } from "#/lib/exact-json.ts";
import type { JsonObject } from "#/lib/json-object.ts";

export type ReadForm =
  | { readonly ok: true; readonly values: JsonObject }
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

/** Turns what was typed into values of the schema's types. Empty optional fields are left out. */
export function readForm(fields: readonly SchemaField[], draft: FormDraft): ReadForm {
  const values: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const read = readField(field, draft[field.name] ?? "");
    if (!read) continue;
    if (read.ok) values[field.name] = read.value;
    else errors[field.name] = read.error;
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, values };
}

type ReadValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: string };

/** @returns undefined when there is nothing to read */
function readField(field: SchemaField, typed: string): ReadValue | undefined {
  // A switch that nobody has touched says no.
  if (typed.trim() === "" && field.kind !== "boolean")
    return field.required ? { ok: false, error: "This is required." } : undefined;
  const read = READERS[field.kind](typed, field);
  const problem = read.ok ? limitProblem(read.value, field.schema) : undefined;
  return problem === undefined ? read : { ok: false, error: problem };
}

const asTyped = (typed: string): ReadValue => ({ ok: true, value: typed });

/** The readers of what was typed, by kind of field. */
const READERS: Readonly<Record<FieldKind, (typed: string, field: SchemaField) => ReadValue>> = {
  line: asTyped,
  text: asTyped,
  date: asTyped,
  email: asTyped,
  url: asTyped,
  choice: (typed, { choices }) => choiceIn(choices, typed),
  choices: (typed, { choices }) => ({
    ok: true,
    value: choices.filter(({ key }) => tickedKeys(typed).includes(key)).map(({ value }) => value),
  }),
  moment: (typed) => readMoment(typed),
  lines: (typed) => ({
    ok: true,
    value: typed
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  }),
  boolean: (typed) => ({ ok: true, value: typed === "true" }),
  number: (typed) => readNumber("number", typed),
  integer: (typed) => readNumber("integer", typed),
  json: (typed, { schema }) => readJson(typed, schema["type"]),
};

function choiceIn(choices: readonly Choice[], typed: string): ReadValue {
  const chosen = choices.find(({ key }) => key === typed);
  return chosen ? { ok: true, value: chosen.value } : { ok: false, error: "Choose one from the list." };
}

/** Reads the value of a browser's field, which is the person's local time. */
function readMoment(typed: string): ReadValue {
  const moment = new Date(typed);
  return Number.isNaN(moment.getTime())
    ? { ok: false, error: "This must be a date and time." }
    : { ok: true, value: moment.toISOString() };
}

function readNumber(kind: "number" | "integer", typed: string): ReadValue {
  const value = Number(typed);
  if (Number.isNaN(value)) return { ok: false, error: "This must be a number." };
  if (isInexact(typed.trim()) || !Number.isFinite(value))
    return { ok: false, error: "This number is too large to be stored exactly." };
  return kind === "integer" && !Number.isInteger(value)
    ? { ok: false, error: "This must be a whole number." }
    : { ok: true, value };
}

const JSON_KINDS: Readonly<
  Record<string, { readonly is: (value: unknown) => boolean; readonly expected: string }>
> = {
  object: {
    is: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    expected: 'an object, such as {"key": "value"}',
  },
  array: { is: Array.isArray, expected: 'a list, such as ["one", "two"]' },
};

/** Reads JSON. Its errors speak to people. */
function readJson(typed: string, type: unknown): ReadValue {
  try {
    const value: unknown = JSON.parse(typed);
    const [inexact] = inexactNumbersIn(typed);
    if (inexact) return { ok: false, error: inexactMessage(inexact.digits) };
    const kind = typeof type === "string" ? JSON_KINDS[type] : undefined;
    return kind && !kind.is(value)
      ? { ok: false, error: `This must be ${kind.expected}.` }
      : { ok: true, value };
  } catch (error) {
    return {
      ok: false,
      error: `This must be JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
