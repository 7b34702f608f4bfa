import { isRecord } from "#/local/openai/chat.ts";

/** Keywords that strict mode understands, by OpenAI's published list; all else is refused. */
const KEYWORDS = new Set(
  [
    "$schema type title description enum const properties required additionalProperties items anyOf $ref $defs definitions",
    "format pattern multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minItems maxItems",
  ].flatMap((line) => line.split(" ")),
);
const SAYS_WHAT = ["type", "anyOf", "$ref"];
const DEEPEST = 10;

/** Says why OpenAI refuses a schema for structured outputs; undefined where it takes it. */
export function strictRefusal(schema: unknown): string | undefined {
  if (!isRecord(schema) || schema["type"] !== "object")
    return "schema must be a JSON Schema of 'type: \"object\"'";
  return refusalAt(schema, [], 0);
}

function refusalAt(schema: unknown, place: readonly string[], depth: number): string | undefined {
  const at = `In context=(${place.map((part) => `'${part}'`).join(", ")})`;
  if (!isRecord(schema)) return `${at}, schema must be an object`;
  if (depth > DEEPEST) return `${at}, the schema is nested more than ${DEEPEST} levels deep`;
  return ownRefusal(schema, at) ?? firstRefusal(innerSchemas(schema), place, depth + 1);
}

function ownRefusal(schema: Readonly<Record<string, unknown>>, at: string): string | undefined {
  const unknown = Object.keys(schema).find((keyword) => !KEYWORDS.has(keyword));
  if (unknown !== undefined) return `${at}, '${unknown}' is not permitted`;
  const besideRef = "$ref" in schema ? Object.keys(schema).filter((keyword) => keyword !== "$ref") : [];
  if (besideRef.length > 0)
    return `${at}, $ref cannot have keywords {${besideRef.map((keyword) => `'${keyword}'`).join(", ")}}`;
  if (!SAYS_WHAT.some((keyword) => keyword in schema)) return `${at}, schema must have a 'type' key`;
  return [schema["type"]].flat().includes("object") ? objectRefusal(schema, at) : undefined;
}

function objectRefusal(
  { properties, required, additionalProperties }: Readonly<Record<string, unknown>>,
  at: string,
): string | undefined {
  if (additionalProperties !== false)
    return `${at}, 'additionalProperties' is required to be supplied and to be false`;
  const names = isRecord(properties) ? Object.keys(properties) : [];
  const missing = names.find((name) => !Array.isArray(required) || !required.includes(name));
  return missing === undefined
    ? undefined
    : `${at}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'`;
}

type Inner = readonly [place: readonly string[], schema: unknown];

function innerSchemas({
  properties,
  $defs,
  definitions,
  items,
  anyOf,
}: Readonly<Record<string, unknown>>): readonly Inner[] {
  const named = Object.entries({ properties, $defs, definitions }).flatMap(([keyword, map]) =>
    isRecord(map) ? Object.entries(map).map(([name, schema]): Inner => [[keyword, name], schema]) : [],
  );
  const listed = Array.isArray(anyOf)
    ? anyOf.map((schema, index): Inner => [["anyOf", String(index)], schema])
    : [];
  return [...named, ...listed, ...(items === undefined ? [] : [[["items"], items] as const])];
}

function firstRefusal(inner: readonly Inner[], place: readonly string[], depth: number): string | undefined {
  for (const [more, schema] of inner) {
    const refusal = refusalAt(schema, [...place, ...more], depth);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
