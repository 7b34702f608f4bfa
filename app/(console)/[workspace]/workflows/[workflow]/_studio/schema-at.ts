import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/**
 * Follows keys into a JSON Schema, with the value that stands there: of several shapes those are followed whose fixed fields (`kind`, `type`) fit it.
 * Returns every shape that is left.
 */
export function schemasAt(schema: unknown, value: unknown, keys: readonly string[]): readonly JsonObject[] {
  const shapes = shapesFor(schema, value);
  const [key, ...rest] = keys;
  if (key === undefined) return shapes;
  const inner = isJsonObject(value) ? value[key] : Array.isArray(value) ? value[Number(key)] : undefined;
  return shapes.flatMap((shape) => {
    const next = childSchema(shape, key);
    return next === undefined ? [] : schemasAt(next, inner, rest);
  });
}

function childSchema(shape: JsonObject, key: string): unknown {
  const { properties, additionalProperties, items } = shape;
  if (isJsonObject(properties) && Object.hasOwn(properties, key)) return properties[key];
  return isJsonObject(additionalProperties) ? additionalProperties : items;
}

function shapesFor(schema: unknown, value: unknown): readonly JsonObject[] {
  if (!isJsonObject(schema)) return [];
  const alternatives = schema["oneOf"] ?? schema["anyOf"];
  if (!Array.isArray(alternatives)) return [schema];
  const all = alternatives.flatMap((one) => shapesFor(one, value));
  const fitting = all.filter((shape) => fits(shape, value));
  return fitting.length > 0 ? fitting : all;
}

/** No field of the value contradicts a fixed one of the shape. */
function fits({ type, properties }: JsonObject, value: unknown): boolean {
  if (!isJsonObject(value)) return value === undefined || type !== "object";
  if (!isJsonObject(properties)) return type === "object";
  return Object.entries(properties).every(
    ([key, property]) =>
      !isJsonObject(property) || !("const" in property) || value[key] === property["const"],
  );
}
