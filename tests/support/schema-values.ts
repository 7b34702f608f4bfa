/** Values for JSON Schemas: mostly ones that fit, some that somebody hostile would send. */
type Json = Readonly<Record<string, unknown>>;

export interface ValueSource {
  readonly random: () => number;
  /** An id of something that there is. */
  readonly id: () => string;
  /** Values of keys that a schema says too little about, by their names. */
  readonly named: Readonly<Record<string, () => unknown>>;
}

const DEEP = () => JSON.parse(`${'{"a":['.repeat(500)}${"]}".repeat(500)}`) as unknown;

const HOSTILE: readonly (() => unknown)[] = [
  () => "\0",
  () => "a\0b",
  () => "\ud800",
  () => "",
  () => " ",
  () => "x".repeat(5_000),
  () => "💥".repeat(130),
  () => "'; drop table users; --",
  () => "{{ input.x }}",
  () => null,
  () => true,
  () => -1,
  () => 0,
  () => 2 ** 31,
  () => 2 ** 53,
  () => 1e308,
  () => 0.5,
  () => [],
  () => ({}),
  () => [[[]]],
  () => ({ ["\0"]: 1 }),
  () => ({ ["\udc00"]: { x: 1 } }),
  () => JSON.parse('{"__proto__":{"a":1},"constructor":1}') as unknown,
  DEEP,
  () => "99999-12-31T00:00:00Z",
  () => "00000000-0000-0000-0000-000000000000",
];

const HOSTILE_SHARE = 0.04;

export function pick<T>(random: () => number, from: readonly T[]): T {
  const item = from[Math.floor(random() * from.length)];
  if (item === undefined) throw new Error("There is nothing to pick from.");
  return item;
}

/** A value that fits the schema, but for its surprises. */
export function valueFor(schema: unknown, source: ValueSource): unknown {
  if (source.random() < HOSTILE_SHARE) return pick(source.random, HOSTILE)();
  return typeof schema === "object" && schema !== null ? fitting(schema as Json, source) : anyJson(source);
}

function fitting(schema: Json, source: ValueSource): unknown {
  const choices = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(choices)) return valueFor(pick(source.random, choices), source);
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return pick(source.random, schema["enum"]);
  switch (schema["type"]) {
    case "object":
      return objectFor(schema, source);
    case "array":
      return Array.from({ length: Math.floor(source.random() * 4) }, () => valueFor(schema["items"], source));
    case "string":
      return textFor(schema, source);
    case "integer":
    case "number":
      return numberFor(schema, source);
    case "boolean":
      return source.random() < 0.5;
    default:
      return anyJson(source);
  }
}

function objectFor(schema: Json, source: ValueSource): Json {
  const {
    properties = {},
    required = [],
    additionalProperties,
  } = schema as { properties?: Json; required?: readonly string[]; additionalProperties?: unknown };
  const known = Object.entries(properties).filter(
    ([name]) => required.includes(name) || source.random() < 0.5,
  );
  const extra = additionalProperties === false ? [] : [["topic", anyJson(source)] as const];
  const unknown = source.random() < 0.02 ? [["surprise", 1] as const] : [];
  return Object.fromEntries([
    ...known.map(([name, property]) => [name, valueNamed(name, property, source)] as const),
    ...extra,
    ...unknown,
  ]);
}

function valueNamed(name: string, schema: unknown, source: ValueSource): unknown {
  const named = source.named[name];
  return named && source.random() < 0.8 ? named() : valueFor(schema, source);
}

function textFor({ format, minLength = 0 }: Json, { random, id }: ValueSource): string {
  if (format === "uuid") return random() < 0.1 ? id().toUpperCase() : id();
  const text = pick(random, [
    "a",
    "Europe/Berlin",
    "*/5 * * * *",
    "approve",
    "topic",
    "ask",
    "NAME",
    "Größe",
    "24",
    "api.example.com",
    "x".repeat(119),
  ]);
  return text.padEnd(Number(minLength), "x");
}

function numberFor({ minimum = 0, maximum = 100 }: Json, { random }: ValueSource): number {
  return pick(random, [
    Number(minimum),
    Number(maximum),
    Math.floor(Number(minimum) + random() * Math.min(50, Number(maximum) - Number(minimum))),
  ]);
}

function anyJson({ random }: ValueSource): unknown {
  return pick<unknown>(random, [null, 1, "text", true, [1, "a"], { topic: "x" }, { deep: { er: [1] } }]);
}
