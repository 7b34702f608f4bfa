import { format } from "@cfworker/json-schema";
import { matches } from "#/agents/definition/pattern.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** What stands behind this in the name of a format is a pattern. */
export const PATTERN_FORMAT = "pattern ";

/**
 * The validator compiles `pattern` with JavaScript's backtracking engine and takes no other one. What it does let be extended is its table of formats:
 * a name that is not in it is looked up here. `url` is no format of JSON Schema, and its expression takes exponential time.
 */
delete format["url"];
Object.setPrototypeOf(format, new Proxy({}, { get: (_, name) => formatNamed(String(name)) }));

function formatNamed(name: string): ((text: string) => boolean) | undefined {
  return name.startsWith(PATTERN_FORMAT) ? (text) => matches(name.slice(PATTERN_FORMAT.length), text) : undefined;
}

/** Keywords whose values are data, or names. */
const DATA = new Set(["enum", "const", "default", "examples", "required", "dependentRequired"]);
const BY_NAME = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);

/**
 * A schema that says of this value what the given one says, without a pattern in it: `pattern` becomes a format, `patternProperties`
 * becomes `properties` for those keys of the value that fit.
 */
export function withoutPatterns(schema: JsonObject, value: unknown): JsonObject {
  let keys: readonly string[] | undefined;
  return rewriteSchema(schema, () => (keys ??= [...keysIn(value)]));
}

type Keys = () => readonly string[];

function rewrite(schema: unknown, keys: Keys): unknown {
  if (Array.isArray(schema)) return schema.map((item) => rewrite(item, keys));
  return isObject(schema) ? rewriteSchema(schema, keys) : schema;
}

function rewriteSchema(schema: JsonObject, keys: Keys): JsonObject {
  const { pattern, patternProperties, ...others } = schema;
  const rest: JsonObject = mapped(others, (part, keyword) => rewritePart(keyword, part, keys));
  const texts = typeof pattern === "string" ? [{ format: `${PATTERN_FORMAT}${pattern}` }] : [];
  const named = isObject(patternProperties) ? Object.entries(patternProperties).map(([name, part]) => fitting(name, rewrite(part, keys), keys())) : [];
  if (texts.length + named.length === 0) return rest;
  const allOf = [...listed(rest["allOf"]), ...texts, ...named.map((properties) => ({ properties }))];
  return { ...rest, ...(named.length > 0 && { properties: known(rest["properties"], named) }), allOf };
}

function rewritePart(keyword: string, part: unknown, keys: Keys): unknown {
  if (DATA.has(keyword)) return part;
  return BY_NAME.has(keyword) && isObject(part) ? mapped(part, (item) => rewrite(item, keys)) : rewrite(part, keys);
}

/** The schema for each key that fits the pattern. */
function fitting(pattern: string, schema: unknown, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.filter((key) => matches(pattern, key)).map((key) => [key, schema]));
}

/** `additionalProperties` is about the keys that no neighbour names: those that fit a pattern are named as well. */
function known(properties: unknown, named: readonly JsonObject[]): JsonObject {
  const names = named.flatMap((schemas) => Object.keys(schemas));
  return { ...Object.fromEntries(names.map((name) => [name, true])), ...(isObject(properties) ? properties : {}) };
}

/** Every key of every object in a value. */
function keysIn(value: unknown): Set<string> {
  const found = new Set<string>();
  const open: unknown[] = [value];
  while (open.length > 0) {
    const part = open.pop();
    if (isObject(part)) for (const key of Object.keys(part)) found.add(key);
    if (typeof part === "object" && part !== null) for (const inner of Object.values(part)) open.push(inner);
  }
  return found;
}

const mapped = (object: JsonObject, change: (part: unknown, key: string) => unknown): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, part]) => [key, change(part, key)]));
const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
