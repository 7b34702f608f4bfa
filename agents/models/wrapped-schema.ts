import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** The schema of `{"value": …}`, for providers that only take objects at the top. Definitions stay at the root; references of the schema to itself, such as `#`, follow it. */
export function wrapSchema(schema: JsonObject): JsonObject {
  const name = freeName(schema["$defs"]);
  const { $defs, definitions, ...own } = withMovedRoot(schema, `#/$defs/${name}`);
  // Moved references say that somebody refers to it; the others need no name for it.
  const isReferredTo = JSON.stringify(own) + JSON.stringify([$defs, definitions]) !== plainText(schema);
  const defs = { ...(isJsonObject($defs) && $defs), ...(isReferredTo && { [name]: own }) };
  return {
    type: "object",
    required: ["value"],
    properties: { value: isReferredTo ? { $ref: `#/$defs/${name}` } : own },
    additionalProperties: false,
    ...(Object.keys(defs).length > 0 && { $defs: defs }),
    ...(isJsonObject(definitions) && { definitions }),
  };
}

function plainText({ $defs, definitions, ...own }: JsonObject): string {
  return JSON.stringify(own) + JSON.stringify([$defs, definitions]);
}

function freeName(defs: unknown): string {
  let name = "answer";
  while (isJsonObject(defs) && name in defs) name = `${name}_`;
  return name;
}

const TO_ITSELF = /^#(?!\/(?:\$defs|definitions)(?:\/|$))(?=\/|$)/;

function withMovedRoot(schema: JsonObject, root: string): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [
      keyword,
      keyword === "$ref" && typeof value === "string" ? value.replace(TO_ITSELF, root) : moved(value, root),
    ]),
  );
}

function moved(value: unknown, root: string): unknown {
  if (Array.isArray(value)) return value.map((item) => moved(item, root));
  return isJsonObject(value) ? withMovedRoot(value, root) : value;
}
