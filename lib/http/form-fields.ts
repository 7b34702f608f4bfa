import type * as v from "valibot";
import type { Problem } from "#/lib/http/wire.ts";

/** The texts of a form by the names of their fields: `monthly.maxTokens` is a field of the object `monthly`. */
export type FormTexts = ReadonlyMap<string, readonly string[]>;

/** Fields of operations; React's own begin with `$`, and those of every form have a colon. */
const NAME = /^[A-Za-z][\w.-]{0,99}$/;

/** Reads the texts of a form. Files are left out: no operation that takes a form takes one. */
export function readTexts(form: FormData): FormTexts {
  const texts = new Map<string, string[]>();
  for (const [name, value] of form) {
    if (!NAME.test(name) || typeof value !== "string") continue;
    // Browsers send the lines of a text area apart by CRLF.
    texts.set(name, [...(texts.get(name) ?? []), value.replaceAll("\r\n", "\n")]);
  }
  return texts;
}

/** Valibot's schemas, as far as a form has to know them. */
interface Shape {
  readonly type: string;
  readonly wrapped?: Shape;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly item?: Shape;
}

interface Reading {
  readonly texts: FormTexts;
  /** Fields that the schema has; the others are for the schema to refuse. */
  readonly known: Set<string>;
}

/**
 * Reads from a form what the schema of an operation is then asked about: numbers from texts, lists from fields of one name, objects from names with dots, and
 * those with keys of their own from JSON.
 * An empty field is null where the schema takes null, and absent where it takes that. What is no number stays what was typed, so that the schema refuses it.
 */
export function readFields(schema: v.GenericSchema, texts: FormTexts): Readonly<Record<string, unknown>> {
  const reading: Reading = { texts, known: new Set() };
  const read = readObject((schema as Shape).entries ?? {}, "", reading);
  const others = [...texts].filter(([name]) => !reading.known.has(name));
  return { ...read, ...Object.fromEntries(others) };
}

function readShape(shape: Shape, name: string, reading: Reading): unknown {
  const { inner, takes } = unwrap(shape);
  if (inner.entries) return readObject(inner.entries, name, reading);
  const sent = reading.texts.get(name);
  if (sent === undefined) return undefined;
  reading.known.add(name);
  if (inner.type === "array") return sent.map((text) => readText(inner.item?.type, text));
  // Two fields of one name: the schema says that a list is none of what it takes.
  const [text = ""] = sent;
  if (sent.length > 1) return sent;
  if (text.trim() === "" && takes !== "text") return takes;
  return readText(inner.type, text);
}

/** @returns undefined when none of its fields was sent */
function readObject(
  entries: Readonly<Record<string, Shape>>,
  name: string,
  reading: Reading,
): Readonly<Record<string, unknown>> | undefined {
  const read = Object.entries(entries).flatMap(([key, shape]) => {
    const value = readShape(shape, name === "" ? key : `${name}.${key}`, reading);
    return value === undefined ? [] : [[key, value] as const];
  });
  return read.length > 0 ? Object.fromEntries(read) : undefined;
}

/** @returns what the schema takes for an empty field: null, nothing, or a text */
function unwrap(shape: Shape): { readonly inner: Shape; readonly takes: null | undefined | "text" } {
  let inner = shape;
  let takes: null | undefined | "text" = shape.type === "number" ? undefined : "text";
  while (inner.wrapped) {
    if (inner.type === "nullable" || inner.type === "nullish") takes = null;
    else if (takes === "text") takes = undefined;
    inner = inner.wrapped;
  }
  return { inner, takes };
}

function readText(type: string | undefined, text: string): unknown {
  if (type === "number") return Number.isFinite(Number(text)) ? Number(text) : text;
  if (type === "boolean") return text === "on" || text === "true" || (text === "false" ? false : text);
  return type === "record" ? readJson(text) : text;
}

/** What is no JSON stays what was typed. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The field that a problem stands at: “/monthly/maxTokens” is `monthly.maxTokens`, and an entry of a list is the list. */
export function fieldOf({ path }: Problem): string {
  const keys = path.split("/").slice(1);
  while (/^\d+$/.test(keys.at(-1) ?? "")) keys.pop();
  return keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~")).join(".");
}

/** What is wrong with a field, as a sentence that stands right at it: “must be a whole number” → “Must be a whole number.” */
export function writeAtField({ message }: Problem): string {
  if (message === "is missing") return "Fill this in.";
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
