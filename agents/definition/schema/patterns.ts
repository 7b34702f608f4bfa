import { format } from "@cfworker/json-schema";
import { hasRepeatedItems } from "#/agents/definition/schema/metered-value.ts";
import { matches } from "#/agents/definition/schema/pattern.ts";
import { spendWork } from "#/agents/definition/work.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** What stands behind this in the name of a format is a pattern. */
export const PATTERN_FORMAT = "pattern ";
/** A format that every text has, and that counts its length. */
const COUNTED_FORMAT = "counted";

/**
 * The validator compiles `pattern` with JavaScript's backtracking engine and takes no other one. What it does let be extended is its table of formats:
 * a name that is not in it is looked up here. `url` is no format of JSON Schema, and its expression takes exponential time.
 */
delete format["url"];
Object.setPrototypeOf(format, new Proxy({}, { get: (_, name) => formatNamed(String(name)) }));

function formatNamed(name: string): ((text: string) => boolean) | undefined {
  if (name === COUNTED_FORMAT) return countText;
  return name.startsWith(PATTERN_FORMAT)
    ? (text) => matches(name.slice(PATTERN_FORMAT.length), text)
    : undefined;
}

const LETTERS_PER_UNIT = 16;

function countText(text: string): boolean {
  spendWork(text.length / LETTERS_PER_UNIT);
  return true;
}

/** Keywords whose values are data, or names. */
const DATA = new Set(["enum", "const", "default", "examples", "required", "dependentRequired"]);
const BY_NAME = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);

/**
 * A schema that says of this value what the given one says, without a pattern in it, and that counts how often it is asked: `pattern` becomes a format,
 * `patternProperties` becomes `properties` for those keys of the value that fit. `uniqueItems` goes where no list of the value has an item twice: the
 * validator compares every item with every other one.
 */
export function countedSchema(schema: JsonObject, value: unknown): JsonObject {
  return rewriteSchema(schema, new Subject(value));
}

/** What is known of the value, found out when it is needed. */
class Subject {
  readonly #value: unknown;
  #keys: readonly string[] | undefined;
  #isRepeating: boolean | undefined;

  constructor(value: unknown) {
    this.#value = value;
  }

  get keys(): readonly string[] {
    return (this.#keys ??= [...keysIn(this.#value)]);
  }

  get isRepeating(): boolean {
    return (this.#isRepeating ??= hasRepeatedItems(this.#value));
  }
}

function rewrite(schema: unknown, subject: Subject): unknown {
  if (Array.isArray(schema)) return schema.map((item) => rewrite(item, subject));
  return isObject(schema) ? rewriteSchema(schema, subject) : schema;
}

/** To ask a schema, besides its keywords and what stands in them. */
const SCHEMA_WORK = 8;

/** The validator reads this keyword of every schema that it asks. The draft in use does not know it. */
function countAsking(schema: JsonObject): JsonObject {
  const work = SCHEMA_WORK + widthOf(schema);
  return Object.defineProperty(schema, "$recursiveRef", { enumerable: false, get: () => spendWork(work) });
}

const SIZED = [
  "properties",
  "required",
  "enum",
  "const",
  "dependentRequired",
  "dependentSchemas",
  "dependencies",
];

/** Values that are looked at each time a schema is asked. */
function widthOf(schema: JsonObject): number {
  const texts = SIZED.flatMap((keyword) =>
    schema[keyword] === undefined
      ? []
      : [
          keyword === "enum" || keyword === "const"
            ? JSON.stringify(schema[keyword]).length / LETTERS_PER_UNIT
            : keysOf(schema[keyword]),
        ],
  );
  return texts.reduce((sum, width) => sum + width, 0);
}

const keysOf = (part: unknown): number =>
  typeof part === "object" && part !== null ? Object.keys(part).length : 0;

function rewriteSchema(schema: JsonObject, subject: Subject): JsonObject {
  const { pattern, patternProperties, $recursiveRef: _, uniqueItems, ...others } = schema;
  const kept = uniqueItems === undefined || !subject.isRepeating ? others : { ...others, uniqueItems };
  return countAsking(withRewritten(kept, { pattern, patternProperties }, subject));
}

type Patterns = Readonly<Record<"pattern" | "patternProperties", unknown>>;

function withRewritten(
  others: JsonObject,
  { pattern, patternProperties }: Patterns,
  subject: Subject,
): JsonObject {
  const rest: JsonObject = mapped(others, (part, keyword) => rewritePart(keyword, part, subject));
  const texts = [
    ...(typeof pattern === "string" ? [{ format: `${PATTERN_FORMAT}${pattern}` }] : []),
    ...(["format", "minLength", "maxLength"].some((keyword) => keyword in others)
      ? [{ format: COUNTED_FORMAT }]
      : []),
  ];
  const named = isObject(patternProperties)
    ? Object.entries(patternProperties).map(([name, part]) =>
        fitting(name, rewrite(part, subject), subject.keys),
      )
    : [];
  if (texts.length + named.length === 0) return rest;
  const allOf = [...listed(rest["allOf"]), ...texts, ...named.map((properties) => ({ properties }))];
  return { ...rest, ...(named.length > 0 && { properties: known(rest["properties"], named) }), allOf };
}

function rewritePart(keyword: string, part: unknown, subject: Subject): unknown {
  if (DATA.has(keyword)) return part;
  return BY_NAME.has(keyword) && isObject(part)
    ? mapped(part, (item) => rewrite(item, subject))
    : rewrite(part, subject);
}

/** The schema for each key that fits the pattern. */
function fitting(pattern: string, schema: unknown, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.filter((key) => matches(pattern, key)).map((key) => [key, schema]));
}

/** `additionalProperties` is about the keys that no neighbour names: those that fit a pattern are named as well. */
function known(properties: unknown, named: readonly JsonObject[]): JsonObject {
  const names = named.flatMap((schemas) => Object.keys(schemas));
  return {
    ...Object.fromEntries(names.map((name) => [name, true])),
    ...(isObject(properties) ? properties : {}),
  };
}

/** Every key of every object in a value. */
function keysIn(value: unknown): Set<string> {
  const found = new Set<string>();
  const open: unknown[] = [value];
  while (open.length > 0) {
    const part = open.pop();
    spendWork(1);
    if (isObject(part)) for (const key of Object.keys(part)) found.add(key);
    if (typeof part === "object" && part !== null) for (const inner of Object.values(part)) open.push(inner);
  }
  return found;
}

const mapped = (object: JsonObject, change: (part: unknown, key: string) => unknown): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, part]) => [key, change(part, key)]));
const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
